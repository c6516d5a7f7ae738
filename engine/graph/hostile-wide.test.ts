import { describeLarge } from "#engine/testing/hostile/describe-large.ts";
import { wide } from "#engine/testing/hostile/large/wide.ts";

describeLarge(wide);
