# Runs "$@" as a process group of its own. When told to stop, or when "$@" ends, it ends every process of that group:
# first politely, and after eleven seconds for good: the server
# takes up to ten to book what is in flight. Bash runs a trap only between commands, so $! is always the group.
set -m

stop() {
  trap '' INT TERM HUP
  exec 2>/dev/null # nobody asked to read that a job was terminated
  kill -TERM -- "-$!"
  for ((tenths = 0; tenths < 110; tenths++)); do
    kill -0 -- "-$!" || break
    sleep 0.1
  done
  kill -KILL -- "-$!"
  exit "$1"
}

trap 'stop 130' INT
trap 'stop 143' TERM
trap 'stop 129' HUP
"$@" </dev/null &
wait "$!" 2>/dev/null
stop "$?"
