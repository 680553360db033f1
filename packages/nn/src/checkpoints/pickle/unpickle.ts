/**
 * Reads a Python pickle without executing anything: the opcodes build plain data, and a global means only what the caller's
 * list says (`PickleWorld`). The opcodes are those that Python's `pickle` and `torch.save` write in protocols 2 to 5;
 * protocols 0 and 1, extension codes and out-of-band buffers are refused. https://docs.python.org/3/library/pickletools.html
 */

import { Machine, type PickleWorld } from "./machine.ts";
import { Dict, Inert, Tuple, type Value } from "./values.ts";

const PROTO = 0x80;
const STOP = 0x2e;
const PROTOCOLS = [2, 3, 4, 5];

/**
 * The value that the pickle at `position` describes, and where it ends.
 *
 * @param where for messages: the file and the part of it
 * @throws InvalidCheckpointError, and whatever `world` throws
 */
export function unpickle(
  bytes: Uint8Array,
  position: number,
  world: PickleWorld,
  where: string,
): { value: Value; end: number } {
  const machine = new Machine(bytes, position, world, where);
  const { cursor } = machine;
  const first = machine.nextOpcode();
  const protocol = cursor.uint8();
  if (first !== PROTO || !PROTOCOLS.includes(protocol)) {
    throw cursor.fail("a pickle of protocol 2 to 5", `the bytes ${hex(first)} ${hex(protocol)}`);
  }
  for (let opcode = machine.nextOpcode(); opcode !== STOP; opcode = machine.nextOpcode()) {
    const perform = OPCODES.get(opcode);
    if (perform === undefined) throw cursor.fail("an opcode of pickle protocol 2 to 5", hex(opcode));
    perform(machine);
  }
  return { value: machine.result(), end: cursor.position };
}

const hex = (byte: number): string => `0x${byte.toString(16).padStart(2, "0")}`;

const OPCODES = new Map<number, (m: Machine) => void>([
  [0x95, (m) => void m.cursor.uint64()], // FRAME: for readers that buffer

  [0x4e, (m) => m.push(null)], // NONE
  [0x88, (m) => m.push(true)], // NEWTRUE
  [0x89, (m) => m.push(false)], // NEWFALSE
  [0x4b, (m) => m.push(m.cursor.uint8())], // BININT1
  [0x4d, (m) => m.push(m.cursor.uint16())], // BININT2
  [0x4a, (m) => m.push(m.cursor.int32())], // BININT
  [0x8a, (m) => m.push(m.cursor.integer(m.cursor.uint8()))], // LONG1
  [0x8b, (m) => m.push(m.cursor.integer(m.cursor.uint32()))], // LONG4
  [0x47, (m) => m.push(m.cursor.float64())], // BINFLOAT

  [0x8c, (m) => m.push(m.cursor.utf8(m.cursor.uint8()))], // SHORT_BINUNICODE
  [0x58, (m) => m.push(m.cursor.utf8(m.cursor.uint32()))], // BINUNICODE
  [0x8d, (m) => m.push(m.cursor.utf8(m.cursor.uint64()))], // BINUNICODE8
  [0x55, (m) => m.push(m.cursor.latin1(m.cursor.uint8()))], // SHORT_BINSTRING
  [0x54, (m) => m.push(m.cursor.latin1(m.cursor.uint32()))], // BINSTRING
  [0x43, (m) => m.push(m.cursor.bytes(m.cursor.uint8()))], // SHORT_BINBYTES
  [0x42, (m) => m.push(m.cursor.bytes(m.cursor.uint32()))], // BINBYTES
  [0x8e, (m) => m.push(m.cursor.bytes(m.cursor.uint64()))], // BINBYTES8
  [0x96, (m) => m.push(m.cursor.bytes(m.cursor.uint64()))], // BYTEARRAY8

  [0x29, (m) => m.push(m.popTuple(0))], // EMPTY_TUPLE
  [0x85, (m) => m.push(m.popTuple(1))], // TUPLE1
  [0x86, (m) => m.push(m.popTuple(2))], // TUPLE2
  [0x87, (m) => m.push(m.popTuple(3))], // TUPLE3
  [0x74, (m) => m.push(new Tuple(m.popMark()))], // TUPLE
  [0x5d, (m) => m.push([])], // EMPTY_LIST
  [0x61, (m) => m.append([m.pop()])], // APPEND
  [0x65, (m) => m.append(m.popMark())], // APPENDS
  [0x7d, (m) => m.push(new Dict())], // EMPTY_DICT
  [0x73, (m) => m.setItems(m.popTuple(2).items)], // SETITEM
  [0x75, (m) => m.setItems(m.popMark())], // SETITEMS
  [0x8f, (m) => m.push(new Inert("set"))], // EMPTY_SET
  [0x90, (m) => m.addItems(m.popMark())], // ADDITEMS
  [0x91, (m) => m.push(new Inert(`frozenset of ${m.popMark().length}`))], // FROZENSET

  [0x28, (m) => m.mark()], // MARK
  [0x30, (m) => void m.pop()], // POP
  [0x31, (m) => void m.popMark()], // POP_MARK

  [0x71, (m) => m.memo.set(m.cursor.uint8(), m.top())], // BINPUT
  [0x72, (m) => m.memo.set(m.cursor.uint32(), m.top())], // LONG_BINPUT
  [0x94, (m) => m.memo.set(m.memo.size, m.top())], // MEMOIZE
  [0x68, (m) => m.push(m.remembered(m.cursor.uint8()))], // BINGET
  [0x6a, (m) => m.push(m.remembered(m.cursor.uint32()))], // LONG_BINGET

  [0x63, (m) => m.pushGlobal([m.cursor.line(), m.cursor.line()])], // GLOBAL
  [0x93, (m) => m.pushGlobal(m.popTuple(2).items)], // STACK_GLOBAL
  [0x51, (m) => m.push(m.world.persistent(m.pop()))], // BINPERSID
  [0x52, (m) => m.call(m.popTuple(2).items)], // REDUCE
  [0x81, (m) => m.call(m.popTuple(2).items)], // NEWOBJ
  [0x92, (m) => m.call(m.popTuple(3).items)], // NEWOBJ_EX
  [0x62, (m) => m.build(m.pop())], // BUILD
]);
