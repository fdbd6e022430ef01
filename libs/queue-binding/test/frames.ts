/** A method frame of AMQP 0-9-1 on channel 0 (section 4.2.3 of the specification). */
function methodFrame(classId: number, methodId: number, fields: Buffer): Buffer {
  const head = Buffer.alloc(11);
  head.writeUInt8(1, 0);
  head.writeUInt32BE(4 + fields.length, 3);
  head.writeUInt16BE(classId, 7);
  head.writeUInt16BE(methodId, 9);
  return Buffer.concat([head, fields, Buffer.from([0xce])]);
}

/** connection.close, as a node sends it that is shut down. */
export function connectionClose(code: number, text: string): Buffer {
  const fields = Buffer.alloc(2 + 1 + text.length + 4);
  fields.writeUInt16BE(code, 0);
  fields.writeUInt8(text.length, 2);
  fields.write(text, 3, "latin1");
  return methodFrame(10, 50, fields);
}

/** Whether bytes that are about to be sent hold a method of the class connection. */
export function holdsConnectionMethod(bytes: Buffer, methodId: number): boolean {
  return bytes.includes(Buffer.from([0, 10, 0, methodId]));
}
