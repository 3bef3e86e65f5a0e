import type http from 'node:http';

const SWITCHING_PROTOCOLS = 101;

/**
 * Makes a 101 an answer like any other, and the last of its connection, which no longer speaks HTTP. Node reports one with `Upgrade`
 * by another event, without which node-fetch would wait for its timeout.
 */
export function answerSwitches(request: http.ClientRequest): void {
  request.once('upgrade', (response, socket) => {
    socket.destroy();
    request.emit('response', response);
  });
  request.once('response', ({ statusCode }) => {
    if (statusCode === SWITCHING_PROTOCOLS) request.shouldKeepAlive = false;
  });
}
