"use client";

import { Button, SegmentedControl } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconArrowBackUp, IconFolderOpen, IconPlus } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import { useId, useState } from "react";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { Notice } from "#components/ui/notice.tsx";
import { Panel } from "#components/ui/panel.tsx";
import type { RecipePreset } from "#contracts/recipe.ts";
import { draftOfStep, withDefaults } from "#contracts/step-options.ts";
import type { OrderWarning, StepLike } from "#engine/passes/order-check.ts";
import { DownloadText } from "../download-text.tsx";
import { newStep, withSteps } from "../draft/draft.ts";
import { useTechniqueWords } from "../words/technique-words.ts";
import { AddStep } from "./add-step.tsx";
import styles from "./editor.module.css";
import { Start } from "./start.tsx";
import { StepList } from "./step-list.tsx";
import { TextView } from "./text-view.tsx";
import type { RecipeDraft } from "./use-recipe-draft.ts";

export interface RecipeEditorProps {
  readonly recipe: RecipeDraft;
  readonly presets: readonly RecipePreset[];
  /** What is to be said of the order of steps; they may be wrong in themselves yet. */
  readonly orderWarnings: (steps: readonly StepLike[]) => readonly OrderWarning[];
}

/** The steps of a recipe, as a form and as YAML: both are one. */
export function RecipeEditor({ recipe, presets, orderWarnings }: RecipeEditorProps) {
  const t = useTranslations("recipe.editor");
  const words = useTechniqueWords();
  const [view, setView] = useState<"steps" | "yaml">("steps");
  const [isAdding, adding] = useDisclosure(false);
  const [said, say] = useState("");
  const [open, setOpen] = useState<ReadonlySet<string>>(() => new Set());
  const { draft, change } = recipe;
  const toggle = (id: string) =>
    setOpen(new Set(open.has(id) ? [...open].filter((one) => one !== id) : [...open, id]));
  const add = (use: string) => {
    const next = withSteps(draft, [newStep(use)]);
    change(() => next);
    const made = next.steps.at(-1);
    if (made) setOpen(new Set([...open, made.id]));
    say(t("added", { name: words.name(use), position: next.steps.length }));
  };
  const begin = ({ recipe: preset }: RecipePreset) =>
    change((now) => withSteps(now, preset.steps.map(draftOfStep)));
  const isEmpty = draft.steps.length === 0;
  return (
    <Panel
      title={t("steps")}
      hint={isEmpty ? undefined : t("stepCount", { count: draft.steps.length })}
      flush
      actions={
        <>
          {recipe.canUndo && (
            <Button
              size="xs"
              variant="subtle"
              leftSection={<IconArrowBackUp size={16} aria-hidden />}
              onClick={recipe.undo}
            >
              {t("undo")}
            </Button>
          )}
          <OpenFile
            onText={(text, name) => {
              recipe.write(text);
              say(t("opened", { file: name }));
            }}
          />
          <SegmentedControl
            size="xs"
            aria-label={t("view")}
            value={view}
            onChange={(next) => setView(next === "yaml" ? "yaml" : "steps")}
            data={[
              { value: "steps", label: t("asSteps") },
              { value: "yaml", label: "YAML" },
            ]}
          />
        </>
      }
    >
      <p className="visually-hidden" role="status">
        {said}
      </p>
      {view === "yaml" ? (
        <div className={styles.body}>
          <TextView text={recipe.text} faults={recipe.read.faults} onChange={recipe.write} />
          <TextTools text={recipe.text} name={draft.name} />
        </div>
      ) : recipe.isBroken ? (
        <div className={styles.body}>
          <Notice
            tone="warning"
            title={t("blockedTitle")}
            actions={
              <>
                <Button size="xs" onClick={() => setView("yaml")}>
                  {t("blockedBack")}
                </Button>
                <Button size="xs" variant="default" onClick={recipe.dropText}>
                  {t("blockedDrop")}
                </Button>
              </>
            }
          >
            {t("blockedText")}
          </Notice>
        </div>
      ) : isEmpty ? (
        <Start presets={presets} onAdd={adding.open} onPreset={begin} />
      ) : (
        <>
          <StepList
            draft={draft}
            change={change}
            faults={recipe.faults}
            warnings={orderWarnings(draft.steps.map(withDefaults))}
            isOpen={(id) => open.has(id)}
            onToggle={toggle}
            say={say}
          />
          <div className={styles.foot}>
            <Button
              variant="default"
              leftSection={<IconPlus size={16} aria-hidden />}
              onClick={adding.open}
              data-add-step
            >
              {t("add")}
            </Button>
          </div>
        </>
      )}
      <AddStep opened={isAdding} onClose={adding.close} onAdd={add} />
    </Panel>
  );
}

function TextTools({ text, name }: { text: string; name: string }) {
  const t = useTranslations("recipe.text");
  return (
    <div className={styles.tools}>
      <CopyButton value={text} label={t("copy")} />
      <DownloadText text={text} name={name} />
    </div>
  );
}

/** A recipe file of this computer; it is read by the page and sent nowhere. */
function OpenFile({ onText }: { onText: (text: string, name: string) => void }) {
  const t = useTranslations("recipe.editor");
  const id = useId();
  return (
    <>
      <Button
        size="xs"
        variant="subtle"
        leftSection={<IconFolderOpen size={16} aria-hidden />}
        onClick={() => document.getElementById(id)?.click()}
      >
        {t("openFile")}
      </Button>
      <input
        id={id}
        type="file"
        accept=".yaml,.yml,.json,application/json,application/yaml,text/yaml"
        hidden
        onChange={async (event) => {
          const input = event.currentTarget;
          const [file] = input.files ?? [];
          // The same file can be opened again after it was mended.
          input.value = "";
          if (file) onText(await file.text(), file.name);
        }}
      />
    </>
  );
}
