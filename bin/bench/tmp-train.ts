import { InferenceSession, Tensor } from "#engine/runtime/onnxruntime.ts";
import { uniqueNames } from "#engine/graph/names.ts";
import { makeInt, makeInts, makeNode } from "#engine/onnx/attributes.ts";
import { makeGraph, makeModel, makeValue } from "#engine/onnx/build.ts";
import { encodeModel } from "#engine/onnx/encode.ts";
import { Emitter } from "#engine/train/autodiff/emitter.ts";
import { ForwardGraph } from "#engine/train/autodiff/forward.ts";
import { differentiate } from "#engine/train/autodiff/differentiate.ts";
import { sub, mul } from "#engine/train/autodiff/tensors.ts";

const B = 64;
function mlp() {
  const p: [string, number[]][] = [["w1",[784,300]],["b1",[300]],["w2",[300,100]],["b2",[100]],["w3",[100,10]],["b3",[10]]];
  const node = [
    makeNode("Gemm",["x","w1","b1"],["h1"]), makeNode("Relu",["h1"],["r1"]),
    makeNode("Gemm",["r1","w2","b2"],["h2"]), makeNode("Relu",["h2"],["r2"]),
    makeNode("Gemm",["r2","w3","b3"],["y"]) ];
  return { p, node, x: [B,784] };
}
function lenet(c1:number,c2:number,f1:number) {
  const pads: number[] = [];
  const p: [string, number[]][] = [["c1",[c1,1,5,5]],["d1",[c1]],["c2",[c2,c1,5,5]],["d2",[c2]],["w1",[c2*16,f1]],["b1",[f1]],["w2",[f1,10]],["b2",[10]]];
  const pool=(i:string,o:string)=>makeNode("MaxPool",[i],[o],{attribute:[makeInts("kernel_shape",[2,2]),makeInts("strides",[2,2])]});
  const node = [
    makeNode("Conv",["x","c1","d1"],["a1"]), pool("a1","p1"),
    makeNode("Conv",["p1","c2","d2"],["a2"]), pool("a2","p2"),
    makeNode("Flatten",["p2"],["f"],{attribute:[makeInt("axis",1)]}),
    makeNode("Gemm",["f","w1","b1"],["h1"]), makeNode("Relu",["h1"],["r1"]),
    makeNode("Gemm",["r1","w2","b2"],["y"]) ];
  return { p, node, x: [B,1,28,28] };
}
const which = process.argv[2] ?? "mlp";
const net = which==="mlp"? mlp() : lenet(20,50,500);
const model = makeModel(makeGraph({ node: net.node, input: [makeValue("x","float32",net.x), ...net.p.map(([n,d])=>makeValue(n,"float32",d)), makeValue("t","float32",[B,10])], output: [] }), { opset: 18 });
const emit = new Emitter(uniqueNames(model));
const forward = new ForwardGraph(model, new Map());
const y = forward.known("y");
const soft = emit.op("Softmax",[y],y.dims,[makeInt("axis",-1)]);
const seed = mul(emit, sub(emit, soft, {name:"t",dims:[B,10]}), 1/B);
const g = differentiate(forward, emit, new Map([["y",seed]]), net.p.map(([n])=>n));
model.graph.node.push(...emit.nodes); model.graph.initializer.push(...emit.initializers);
model.graph.output.push(...net.p.map(([n,d])=>makeValue(g.get(n)!.name,"float32",d)));
const session = await InferenceSession.create(Buffer.concat(encodeModel(model)), { executionProviders:["cpu"], intraOpNumThreads:1, interOpNumThreads:1, graphOptimizationLevel:"all", ...(process.argv[3]?{optimizedModelFilePath:process.argv[3]}:{}), ...(process.env.PROF?{enableProfiling:true, profileFilePrefix:"/tmp/bt/ort"}:{}), extra:{session:{intra_op:{allow_spinning:"0"}}} } as any);
const size = (d:number[]) => d.reduce((a,b)=>a*b,1);
const mem = new WebAssembly.Memory({initial: 1024});
let at = 0; const alloc=(n:number)=>{const a=new Float32Array(mem.buffer, at, n); at+= Math.ceil(n*4/64)*64; return a;};
const feeds: any = {}; const fetches: any = {};
for (const [n,d] of net.p) { const a=alloc(size(d)); for (let i=0;i<a.length;i++) a[i]=(Math.random()-.5)*.1; feeds[n]=new Tensor("float32",a,d); const ga=alloc(size(d)); fetches[g.get(n)!.name]=new Tensor("float32",ga,d); }
feeds.x=new Tensor("float32",Float32Array.from({length:size(net.x)},Math.random),net.x);
feeds.t=new Tensor("float32",Float32Array.from({length:B*10},(_, i)=>i%10===0?1:0),[B,10]);
for (const mode of ["fetch","plain","fetch","plain"]) {
  const times:number[]=[];
  for (let i=0;i<(which==="mlp"?300:40);i++){ const t=performance.now(); await (mode==="fetch"? session.run(feeds, fetches): session.run(feeds)); times.push(performance.now()-t);} 
  times.sort((a,b)=>a-b); console.log(which,mode,"median",times[times.length>>1]!.toFixed(3),"p10",times[Math.floor(times.length*.1)]!.toFixed(3));
}
session.endProfiling?.();
const r = await session.run(feeds, fetches); const name=Object.keys(fetches)[0]!; console.log("aliased", (r as any)[name].data===fetches[name].data, fetches[name].data.slice(0,3));
