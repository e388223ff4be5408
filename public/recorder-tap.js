// Hands the samples of a microphone on, mixed to one channel, some at a time. A worklet can only be a script of its own.
class Tap extends AudioWorkletProcessor {
  samples = new Float32Array(1024);
  count = 0;

  process([channels]) {
    for (let at = 0; at < (channels[0]?.length ?? 0); at++) {
      let sum = 0;
      for (const channel of channels) sum += channel[at];
      this.samples[this.count++] = sum / channels.length;
      if (this.count === this.samples.length) {
        this.port.postMessage(this.samples);
        this.count = 0;
      }
    }
    return true;
  }
}

registerProcessor('redub-tap', Tap);
