import { describeLarge } from "#engine/testing/hostile/describe-large.ts";
import { repeated } from "#engine/testing/hostile/large/repeated.ts";

describeLarge(repeated);
