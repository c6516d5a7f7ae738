/**
 * Encodes unsigned bytes in the IDX format: two zero bytes, type 0x08, the rank, each dimension as a big-endian
 * 32-bit integer, then the data in row-major order. Source: the MNIST database's file description.
 */
export function encodeIdx(dims: readonly number[], data: Uint8Array): Uint8Array {
  const header = 4 + 4 * dims.length;
  const file = new Uint8Array(header + data.length);
  const view = new DataView(file.buffer);
  file[2] = 0x08;
  file[3] = dims.length;
  dims.forEach((dim, i) => {
    view.setUint32(4 + 4 * i, dim);
  });
  file.set(data, header);
  return file;
}
