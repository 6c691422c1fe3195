/** What a process holds after its garbage is collected, in bytes, by its inspector. */
export async function heapAfterCollection(inspector: string): Promise<number> {
  const socket = new WebSocket(inspector);
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve);
    socket.addEventListener('error', reject);
  });
  let id = 0;
  const ask = (method: string): Promise<{ result: { usedSize: number } }> => {
    id += 1;
    const { promise, resolve } = Promise.withResolvers<{ result: { usedSize: number } }>();
    socket.addEventListener('message', ({ data }) => resolve(JSON.parse(String(data))), { once: true });
    socket.send(JSON.stringify({ id, method }));
    return promise;
  };
  await ask('HeapProfiler.collectGarbage');
  await ask('HeapProfiler.collectGarbage'); // what the first set free by finalizers
  const { result } = await ask('Runtime.getHeapUsage');
  socket.close();
  return result.usedSize;
}
