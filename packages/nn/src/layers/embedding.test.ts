import { goldenLayer } from "../../test/golden.ts";
import { embedding } from "./embedding.ts";

goldenLayer("embedding.json", (params, { indices }) => embedding(params, "layer", indices!));
