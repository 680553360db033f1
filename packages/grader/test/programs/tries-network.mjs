// PORT: asks a server of this machine.
import { connect } from "node:net";

connect({ host: "127.0.0.1", port: Number(process.argv[2]) })
  .on("connect", () => console.log("connected"))
  .on("connect", () => process.exit(0))
  .on("error", (error) => console.log(error.code));
