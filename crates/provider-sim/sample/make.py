"""Makes the sample media from nothing but this folder. Needs ffmpeg (with librsvg and libx264) and espeak-ng.

    python3 make.py

presenter.mp4     the drawn presenter greeting in English, 640x360, 25 fps
greeting_*.mp3    the same greeting in other languages: the voices to dub with
../src/render/simulated.png   the mark that is burned into every rendered result (uses DejaVu Sans while it is made)
"""

import array
import math
import pathlib
import subprocess
import tempfile
import wave

import face

HERE = pathlib.Path(__file__).parent
FPS = 25
VOICES = {
    "en": ("en-us", "Hello, and welcome. I am glad that you are here. In the next minute I will show you what is new, and how to begin."),
    "es": ("es", "Hola, y bienvenidos. Me alegra que estéis aquí. En el próximo minuto os mostraré qué hay de nuevo, y cómo empezar."),
    "de": ("de", "Hallo, und herzlich willkommen. Schön, dass Sie hier sind. In der nächsten Minute zeige ich Ihnen, was neu ist, und wie Sie beginnen."),
}
TRIM = "silenceremove=start_periods=1:start_threshold=-50dB,areverse,silenceremove=start_periods=1:start_threshold=-50dB,areverse"


def ffmpeg(*args):
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-bitexact", *map(str, args)], check=True)


def speak(language, folder):
    """The greeting as a mono WAV with a fifth of a second of quiet at each end."""
    voice, text = VOICES[language]
    raw, out = folder / f"{language}-raw.wav", folder / f"{language}.wav"
    subprocess.run(["espeak-ng", "-v", voice, "-s", "158", "-p", "42", "-w", raw, text], check=True)
    ffmpeg("-i", raw, "-af", f"{TRIM},adelay=200,apad=pad_dur=0.2", "-ar", 24000, "-ac", 1, out)
    return out


def loudness(path):
    """For each frame of the picture: how loud (0 to 1) and how hissing (0 to 1) the voice is."""
    with wave.open(str(path)) as sound:
        rate, samples = sound.getframerate(), array.array("h", sound.readframes(sound.getnframes()))
    step, out = rate // FPS, []
    for at in range(0, len(samples) - step + 1, step):
        part = samples[at:at + step]
        rms = math.sqrt(sum(s * s for s in part) / step)
        crossings = sum((a < 0) != (b < 0) for a, b in zip(part, part[1:])) / step
        out.append((rms, min(1.0, crossings * 4)))
    peak = sorted(rms for rms, _ in out)[int(len(out) * 0.96)]
    return [(min(1.0, rms / peak), hiss) for rms, hiss in out]


def blink(second):
    """How far the lids are shut: 160 ms, at uneven times."""
    return max((max(0.0, 1 - abs(second - at) / 0.09) for at in (0.55, 2.7, 3.05, 5.35, 7.2)), default=0.0)


def pictures(sound, folder):
    opened = width = lift = 0.0
    for index, (loud, hiss) in enumerate(sound):
        t = index / FPS
        wanted = 0.0 if loud < 0.07 else (loud ** 0.8) * (1 - 0.55 * hiss)
        opened += (wanted - opened) * 0.62
        width += ((0.35 + 0.65 * hiss + 0.3 * math.sin(t * 5.1)) - width) * 0.35
        lift += ((3.5 if loud > 0.85 else 0.0) - lift) * 0.16
        svg = face.frame(
            opened=opened, width=min(1.0, max(0.0, width)), lid=blink(t), lift=lift,
            sway=5.5 * math.sin(t * 1.05) + 1.6 * math.sin(t * 2.9), nod=1.8 * math.sin(t * 2.2) + 1.2 * opened,
            tilt=2.1 * math.sin(t * 0.83 + 0.6), gaze=1.1 * math.sin(t * 0.7), breath=1.2 * math.sin(t * 1.5),
        )
        (folder / f"f{index:04}.svg").write_text(svg)


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        english = speak("en", folder)
        pictures(loudness(english), folder)
        ffmpeg("-framerate", FPS, "-width", 1280, "-height", 720, "-i", folder / "f%04d.svg", "-i", english,
               "-vf", "scale=640:360:flags=lanczos", "-c:v", "libx264", "-preset", "veryslow", "-crf", 25, "-pix_fmt", "yuv420p",
               "-c:a", "aac", "-b:a", "48k", "-shortest", "-movflags", "+faststart", HERE / "presenter.mp4")
        for language in ("es", "de"):
            ffmpeg("-i", speak(language, folder), "-c:a", "libmp3lame", "-b:a", "48k", HERE / f"greeting_{language}.mp3")
        mark = folder / "mark.svg"
        mark.write_text('''<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 260 52" width="260" height="52"><rect width="260" height="52" rx="10" fill="#10161c" fill-opacity=".72"/>
<circle cx="28" cy="26" r="7" fill="#ffb454"/><text x="48" y="35" font-family="DejaVu Sans" font-weight="700" font-size="25" letter-spacing="2.5" fill="#fff">SIMULATED</text></svg>''')
        ffmpeg("-i", mark, "-frames:v", 1, "-pix_fmt", "rgba", HERE.parent / "src/render/simulated.png")


if __name__ == "__main__":
    main()
