/** A WAV file of the given samples, in −1 to 1, channels side by side. */
export function wavOf(
  samples: readonly number[],
  { rate = 16_000, channels = 1, bits = 16, isFloat = false, isExtensible = false } = {},
): Uint8Array {
  const width = bits / 8;
  const formatBytes = isExtensible ? 40 : 16;
  const file = new Uint8Array(28 + formatBytes + samples.length * width);
  const view = new DataView(file.buffer);
  const tag = isFloat ? 3 : 1;
  file.set(new TextEncoder().encode("RIFF"));
  view.setUint32(4, file.length - 8, true);
  file.set(new TextEncoder().encode("WAVEfmt "), 8);
  view.setUint32(16, formatBytes, true);
  view.setUint16(20, isExtensible ? 0xfffe : tag, true);
  view.setUint16(22, channels, true);
  view.setUint32(24, rate, true);
  view.setUint32(28, rate * channels * width, true);
  view.setUint16(32, channels * width, true);
  view.setUint16(34, bits, true);
  if (isExtensible) view.setUint16(44, tag, true);
  file.set(new TextEncoder().encode("data"), 20 + formatBytes);
  view.setUint32(24 + formatBytes, samples.length * width, true);
  for (const [index, sample] of samples.entries()) {
    const at = 28 + formatBytes + index * width;
    if (isFloat) view[bits === 32 ? "setFloat32" : "setFloat64"](at, sample, true);
    else if (bits === 8) view.setUint8(at, sample * 128 + 128);
    else {
      const value = BigInt(sample * 2 ** (bits - 1));
      for (let byte = 0; byte < width; byte++) file[at + byte] = Number((value >> BigInt(8 * byte)) & 255n);
    }
  }
  return file;
}
