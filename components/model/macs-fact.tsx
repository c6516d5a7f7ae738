"use client";

import { Button, Modal, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useLocale, useTranslations } from "next-intl";
import { formatSi } from "#components/ui/format.ts";
import { type RecordColumn, RecordTable } from "#components/ui/record-table.tsx";
import { useList } from "#components/ui/use-list.ts";
import type { Inspection } from "#engine/inspect.schema.ts";

type LeftOut = Inspection["macsLeftOut"][number];

/** The count of multiply-accumulates, what was assumed for it, and what it leaves out. */
export function MacsFact({ inspection }: { inspection: Inspection }) {
  const t = useTranslations("model");
  const locale = useLocale();
  const { macs, macsAssumed, macsLeftOutCount } = inspection;
  const assumed = useList()(
    macsAssumed.map(({ dim, size }) => t("macsAssumedOne", { dim: dim || "?", size })),
  );
  return (
    <>
      <span title={macs === null ? t("macsUnknownHelp") : t("macsHelp")}>
        {macs === null ? t("macsUnknown") : formatSi(macs, "MAC", locale)}
      </span>
      {assumed !== "" && (
        <Text size="xs" c="dimmed">
          {t("macsAssumed", { list: assumed })}
        </Text>
      )}
      {macsLeftOutCount > 0 && <LeftOutList inspection={inspection} />}
    </>
  );
}

function LeftOutList({ inspection }: { inspection: Inspection }) {
  const t = useTranslations("model");
  const common = useTranslations("common");
  const [isOpen, dialog] = useDisclosure(false);
  const { macsLeftOut, macsLeftOutCount } = inspection;
  const columns: RecordColumn<LeftOut>[] = [
    { key: "node", header: t("node"), isName: true, cell: (row) => row.node },
    { key: "reason", header: t("reason"), isKept: true, cell: (row) => <span lang="en">{row.reason}</span> },
  ];
  return (
    <>
      <Button variant="subtle" size="compact-xs" onClick={dialog.open}>
        {t("macsLeftOut", { count: macsLeftOutCount })}
      </Button>
      <Modal
        opened={isOpen}
        onClose={dialog.close}
        title={t("macsLeftOutTitle")}
        size="lg"
        closeButtonProps={{ "aria-label": common("close") }}
      >
        <Stack gap="xs">
          <RecordTable
            label={t("macsLeftOutTitle")}
            columns={columns}
            rows={macsLeftOut}
            rowKey={(row) => `${row.node} ${row.reason}`}
          />
          {macsLeftOutCount > macsLeftOut.length && (
            <Text size="sm" c="dimmed">
              {t("macsLeftOutMore", { count: macsLeftOutCount - macsLeftOut.length })}
            </Text>
          )}
        </Stack>
      </Modal>
    </>
  );
}
