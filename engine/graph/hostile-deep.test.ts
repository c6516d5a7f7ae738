import { describeLarge } from "#engine/testing/hostile/describe-large.ts";
import { deep } from "#engine/testing/hostile/large/deep.ts";

describeLarge(deep);
