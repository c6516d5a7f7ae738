/** Why energy cannot be read from counters. */
export const words = {
  onlyRoot:
    'The energy counters below {root} may only be read by root: run "chmod a+r {root}/intel-rapl*/energy_uj" as root, or start the worker as root',
  none: "This machine shows no energy counters (virtual machine, container, or a processor without RAPL)",
  unreadable:
    'The energy counters exist but cannot be read: run "chmod a+r {root}/intel-rapl*/energy_uj" as root',
} as const;
