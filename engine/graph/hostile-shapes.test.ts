import { describeLarge } from "#engine/testing/hostile/describe-large.ts";
import { shapes } from "#engine/testing/hostile/large/shapes.ts";

describeLarge(shapes);
