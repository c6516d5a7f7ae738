import { notifications } from "@mantine/notifications";

/** Says briefly that something was done. Failures are shown by the API's own handler. */
export function notifyDone(message: string): void {
  notifications.show({ message, color: "green", autoClose: 4_000, withCloseButton: false });
}
