/** The note that tells visitors of the demo workspace what to look at. */
export const welcomeNote = {
  title: "What to look at · 先看什么",
  body: `Three small models and three datasets were made by this project's own code, and every result here comes from a run
that a worker of this installation executed after the start. Nothing was filled in.

1. **Experiments** → *How small can the glyph classifier get?* Watch the runs arrive, then read the verdict and the frontier.
2. Compare **int8-dynamic** with **prune 90 %**: one is smaller and keeps the accuracy, the other has zeros but the same
   file size, and costs accuracy.
3. Look at the marks beside the numbers: ● metered, ◐ modelled. Energy is modelled from CPU seconds where the machine
   gives no counter.
4. **Benchmarks**: the glyph board ranks what was entered; ties within the interval share a rank.
5. Sign in as the partner to see what a shared experiment looks like from outside.

---

这里的三个小模型和三个数据集都由本项目自己的代码生成，所有结果都来自本机工作进程在启动后实际执行的运行，没有任何预填数据。

1. **实验** → *How small can the glyph classifier get?* 看运行结果陆续到达，再读结论和前沿图。
2. 比较 **int8-dynamic** 与 **prune 90 %**：前者更小且保持准确率；后者虽然有大量零值，文件大小却不变，准确率还会下降。
3. 留意数字旁的标记：● 实测，◐ 模型估算。机器没有能耗计数器时，能耗由 CPU 时间估算。
4. **排行榜**：字形排行榜对已提交的结果排名，区间重叠者并列。
5. 用合作伙伴账户登录，看看共享的实验从外部看是什么样子。
`,
} as const;
