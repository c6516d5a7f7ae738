import { MantineProvider } from "@mantine/core";
import { NextIntlClientProvider } from "next-intl";
import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import type { Options } from "#contracts/step-options.ts";
import { stepSchema } from "#engine/passes/step.schema.ts";
import { messagesOf } from "#i18n/messages.ts";
import { faultsOf } from "../draft/fault.ts";
import { StepFields } from "./step-fields.tsx";

/** What a person reads of the options of a distillation. */
function shown(options: Options): string {
  const step = { use: "train.distill", options };
  const checked = stepSchema.safeParse({ ...options, use: step.use });
  const faults = checked.success ? [] : faultsOf(checked.error.issues, options);
  return renderToStaticMarkup(
    <NextIntlClientProvider locale="en" messages={messagesOf("en")} timeZone="UTC">
      <MantineProvider>
        <StepFields step={step} faults={faults} onChange={() => {}} />
      </MantineProvider>
    </NextIntlClientProvider>,
  );
}

describe("options of one of several kinds", () => {
  it("are those of the kind that is chosen", () => {
    const open = shown({});
    expect(open).toContain('<option value="lenet-5">lenet-5</option>');
    expect(open).not.toContain("Hidden layers");
    const chosen = shown({ student: { kind: "mlp", input: [1, 28, 28], outputs: 10 } });
    expect(chosen).toContain('<option value="mlp" selected="">mlp</option>');
    for (const label of ["Shape of an item", "Hidden layers", "Outputs"]) expect(chosen).toContain(label);
    expect(chosen).not.toContain("Vocabulary");
    // The shape, in its order, with what is equal.
    expect(chosen).toContain("1, 28, 28");
  });

  it("say what is missing or does not fit, at their places", () => {
    const missing = shown({ student: { kind: "mlp", input: [784], outputs: 0 } });
    expect(missing).toContain("Not below 1, please.");
    expect(shown({ student: { kind: "mlp", input: [784], outputs: 1 } })).not.toContain("please.");
  });
});

describe("lists of groups of options", () => {
  it("show the options of each entry", () => {
    expect(shown({})).not.toContain("Entry 1");
    const hidden = [
      { student: "a", teacher: "b" },
      { student: "c", teacher: "d", weight: -1 },
    ];
    const two = shown({ hidden });
    for (const text of ["Entry 1", "Entry 2", 'value="a"', 'value="d"', "Remove entry 2"])
      expect(two).toContain(text);
    expect(two.match(/Above 0, please\./g)).toHaveLength(1);
    expect(shown({ hidden: hidden.slice(0, 1) })).not.toContain("Entry 2");
  });
});
