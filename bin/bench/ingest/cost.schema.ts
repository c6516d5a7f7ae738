import { z } from "zod";

/** What reading a file cost, in a process of its own. */
export const costSchema = z.object({
  seconds: z.number(),
  /** Of all threads of the process, its start left out. Others on the machine change them less than the seconds. */
  cpuSeconds: z.number(),
  items: z.number(),
  /** The highest resident set of the process. */
  peakMegabytes: z.number(),
});

export type Cost = z.infer<typeof costSchema>;
