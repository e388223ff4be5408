// Stands before the C library's own fsync and fdatasync in a server that a test has started: while the file that
// BROKEN_DISK names is there, every sync fails with EIO, as on a disk that is dying, and leaves a byte in that file.
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

static int fails(void) {
    const char *path = getenv("BROKEN_DISK");
    int file = path ? open(path, O_WRONLY | O_APPEND | O_CLOEXEC) : -1;
    if (file < 0) {
        return 0;
    }
    (void)!write(file, "x", 1);
    close(file);
    errno = EIO;
    return 1;
}

int fsync(int file) {
    return fails() ? -1 : (int)syscall(SYS_fsync, file);
}

int fdatasync(int file) {
    return fails() ? -1 : (int)syscall(SYS_fdatasync, file);
}
