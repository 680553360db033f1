// Takes 8 MiB after 8 MiB, touches all of it, and keeps it for a while; takes no more than 1 GiB.
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const taken = [];
while (taken.length < 128) {
  taken.push(Buffer.alloc(8 << 20, 1));
  await pause(5);
}
await pause(20_000);
console.log("took all", taken.length);
