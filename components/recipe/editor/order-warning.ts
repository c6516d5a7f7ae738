/** A remark on the order of a recipe's steps, at the step that it concerns; counted from 0. */
export interface OrderWarning {
  readonly step: number;
  /** In English, as the engine says it. */
  readonly message: string;
}
