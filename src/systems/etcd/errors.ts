/** etcd 3.6, server/etcdserver/errors/errors.go and api/v3rpc/rpctypes/error.go. */
export const errors = {
  timeout: 'etcdserver: request timed out',
  timeoutLeaderFail: 'etcdserver: request timed out, possibly due to previous leader failure',
  timeoutConnectionLost: 'etcdserver: request timed out, possibly due to connection lost',
  leaderChanged: 'etcdserver: leader changed',
  tooLarge: 'etcdserver: request is too large',
  /** gRPC's text where a context ended: the client's own, or the server's while a write waited for a leader. */
  deadline: 'context deadline exceeded',
  /** What etcdctl prints when the compare of a Txn does not hold. */
  failure: 'FAILURE',
  /** gRPC's texts for connections. */
  dialTimeout: 'transport: Error while dialing: dial tcp: i/o timeout',
  refused: 'transport: Error while dialing: dial tcp: connect: connection refused',
  reset: 'error reading from server: EOF',
  keepalive: 'keepalive ping failed to receive ACK within timeout',
} as const;
