/** Pickles made to harm: nothing is executed, and the answer is an error that says what is wrong. */

import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { hostile, withTensor } from "../../../test/hostile.ts";
import {
  bytes,
  checkpoint,
  dict,
  global,
  integer,
  PROTO_2,
  pickle,
  tensor,
  text,
  tuple,
  uint32,
} from "../../../test/torch-bytes.ts";
import { readCheckpoint } from "../read-checkpoint.ts";

const { path, write, refusal, refusalOf } = hostile();

describe("code in pickles", () => {
  const marker = path("executed");
  const command = text(`touch ${marker}`);
  it.each<[string, string, Buffer]>([
    ["os.system by REDUCE", "os.system", bytes(global("os", "system"), tuple(command), "R")],
    ["posix.system by REDUCE", "posix.system", bytes(global("posix", "system"), tuple(command), "R")],
    ["eval by REDUCE", "__builtin__.eval", bytes(global("__builtin__", "eval"), tuple(command), "R")],
    ["exec, Python 3's name", "builtins.exec", bytes(global("builtins", "exec"), tuple(command), "R")],
    ["by STACK_GLOBAL", "os.system", bytes(text("os"), text("system"), 0x93, tuple(command), "R")],
    ["by NEWOBJ", "subprocess.Popen", bytes(global("subprocess", "Popen"), tuple(command), 0x81)],
    ["by NEWOBJ_EX", "subprocess.Popen", bytes(global("subprocess", "Popen"), tuple(command), "}", 0x92)],
    ["getattr", "__builtin__.getattr", bytes(global("__builtin__", "getattr"), tuple(command), "R")],
    ["only named, never called", "os.system", global("os", "system")],
    ["beside tensors", "os.system", dict(text("w"), tensor(), text("x"), global("os", "system"))],
    [
      "a dotted name",
      "torch._utils._rebuild_tensor_v2.__globals__",
      global("torch._utils", "_rebuild_tensor_v2.__globals__"),
    ],
    ["a nested torch.load", "torch.storage._load_from_bytes", global("torch.storage", "_load_from_bytes")],
    ["a model's class", "__main__.Net", bytes(global("__main__", "Net"), ")", 0x81)],
    ["a name on JavaScript's prototypes", "constructor.constructor", global("constructor", "constructor")],
  ])("%s", async (_, name, value) => {
    const error = await refusalOf(value);
    expect(error).toMatchObject({ code: "NN_CHECKPOINT_UNSAFE", global: name });
    expect(error.message).toContain("Nothing in this file was executed");
    expect(existsSync(marker)).toBe(false);
  });

  it("opcodes of old protocols that make objects are not known", async () => {
    for (const opcode of ["i", "o", "P", "S", "V", "I", "p", "\x82"]) {
      const error = await refusalOf(bytes("(", Buffer.from(opcode, "latin1"), "os\nsystem\n"));
      expect(error.message).toMatch(
        /data\.pkl, byte 4: expected an opcode of pickle protocol 2 to 5, found 0x/,
      );
    }
  });

  it("in the older format too", async () => {
    const magic = bytes(0x8a, 10, Buffer.from("6cfc9c46f9206aa85019", "hex"));
    const head = [magic, bytes("M", Buffer.of(0xe9, 0x03)), "}"].map((value) => pickle(Buffer.from(value)));
    const evil = pickle(bytes(global("os", "system"), tuple(command), "R"));
    expect(await refusal(Buffer.concat([...head, evil]))).toMatchObject({ global: "os.system" });
    expect(await refusal(evil)).toMatchObject({ global: "os.system" });
    expect((await refusal(pickle(dict()))).message).toMatch(/a pickle that torch.save did not write/);
  });
});

describe("broken pickles", () => {
  it.each<[string, Buffer, RegExp]>([
    ["empty", Buffer.alloc(0), /expected 1 more bytes/],
    ["no protocol", bytes("}."), /a pickle of protocol 2 to 5, found the bytes 0x7d 0x2e/],
    ["protocol 9", bytes(0x80, 9, "}."), /found the bytes 0x80 0x09/],
    ["no end", bytes(PROTO_2, "}"), /expected 1 more bytes, found the end of the pickle/],
    ["an end with nothing", bytes(PROTO_2, "."), /one value at the pickle's end, found 0/],
    ["an end with two values", bytes(PROTO_2, "}}."), /one value at the pickle's end, found 2/],
    ["an end within a mark", bytes(PROTO_2, "}(."), /one value at the pickle's end/],
    ["an empty stack", bytes(PROTO_2, "0."), /a value on the stack, found none/],
    ["values taken from under a mark", bytes(PROTO_2, "}(0."), /a value on the stack, found none/],
    ["no mark", bytes(PROTO_2, "}u."), /a mark on the stack/],
    ["a memo that nobody wrote", bytes(PROTO_2, "h", 7, "."), /a value remembered as 7/],
    ["an odd number of items", bytes(PROTO_2, "}(}u."), /keys and values in pairs/],
    ["items for a list", bytes(PROTO_2, "](NNu."), /a dict to put items into, found a list of 0/],
    ["appending to a dict", bytes(PROTO_2, "}Na."), /a list to append to, found a dict/],
    ["a list as a key", bytes(PROTO_2, "}]Ns."), /a key that can be hashed/],
    [
      "a call of a string",
      bytes(PROTO_2, text("f"), ")R."),
      /something that can be called, found the string "f"/,
    ],
    [
      "arguments that are a list",
      bytes(PROTO_2, global("collections", "OrderedDict"), "]R."),
      /a tuple of arguments/,
    ],
    ["attributes of a tensor", bytes(PROTO_2, tensor(), "}b."), /can be given attributes, found a tensor/],
    [
      "text beyond the end",
      bytes(PROTO_2, "X", uint32(9), "abc."),
      /9 more bytes, found the end of the pickle after 4/,
    ],
    [
      "4 GB of text",
      bytes(PROTO_2, "X", uint32(0xffffffff), "."),
      /text of at most 1048576 bytes, found 4294967295/,
    ],
    ["2^64 bytes", bytes(PROTO_2, 0x8e, Buffer.alloc(8, 0xff), "."), /more bytes, found the end/],
    ["text that is no UTF-8", bytes(PROTO_2, "X", uint32(1), 0xff, "."), /text in UTF-8/],
    ["an integer of 2 GB", bytes(PROTO_2, 0x8b, uint32(2 ** 31), "."), /an integer of at most 256 bytes/],
    ["a global without its second line", bytes(PROTO_2, "cos\nsystem"), /a line's end/],
    ["globals that are numbers", bytes(PROTO_2, "K", 1, "K", 2, 0x93, "."), /names of a module and a global/],
    ["an unknown opcode", bytes(PROTO_2, 0xff, "."), /found 0xff/],
    ["an out-of-band buffer", bytes(0x80, 5, 0x97, "."), /found 0x97/],
    [
      "keyword arguments",
      bytes(PROTO_2, global("torch", "Size"), ")", dict(text("a"), integer(1)), 0x92, "."),
      /keyword/,
    ],
  ])("%s", async (_, content, message) => {
    expect((await refusal(await checkpoint(content))).message).toMatch(message);
  });
});

describe("bombs", () => {
  it("2,000 open marks", async () => {
    expect((await refusalOf(bytes("(".repeat(2000)))).message).toMatch(/at most 1000 open marks/);
  });

  it("5 million opcodes", async () => {
    expect((await refusalOf(bytes("N0".repeat(2_500_000), "}"))).message).toMatch(/at most 4000000 opcodes/);
  });

  it("dicts nested 100,000 deep", async () => {
    const depth = 100_000;
    const open = Buffer.concat(Array.from({ length: depth }, () => bytes("}", text("d"))));
    expect((await refusalOf(bytes(open, "}", "s".repeat(depth)))).message).toMatch(
      /dict of tensors, found none/,
    );
  });

  it("lists nested 100,000 deep are no state dict", async () => {
    const depth = 100_000;
    const message = (await refusalOf(bytes("]".repeat(depth), "a".repeat(depth - 1)))).message;
    expect(message).toMatch(/expected a dict of tensors, found a list of 1/);
  });

  it("a dict in which every level links twice to the next: 2^200 paths", async () => {
    const levels = Array.from({ length: 200 }, (_, i) =>
      bytes("}", "r", uint32(i + 1), text("a"), "j", uint32(i), "s", text("b"), "j", uint32(i), "s"),
    );
    // Each level is built beside the last, then all but the last are dropped.
    const value = bytes(withTensor({}), "r", uint32(0), ...levels.map((level) => bytes("0", level)));
    const file = write("links.pth", await checkpoint(pickle(value)));
    await expect(readCheckpoint(file)).rejects.toThrow(/expected a dict of tensors, found none/);
  });

  it("a dict that contains itself is read, once", async () => {
    const value = bytes("}", "q", 0, text("self"), "h", 0, "s", text("w"), tensor(), "s");
    const file = write("cycle.pth", await checkpoint(pickle(value)));
    expect([...(await readCheckpoint(file)).tensors.keys()]).toEqual(["w"]);
  });
});
