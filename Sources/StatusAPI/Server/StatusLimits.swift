/// What one client, and all together, may take of the status API.
package struct StatusLimits: Hashable, Sendable {
  /// Connections at one time. A few more are taken for the probes alone.
  package var connections = 1000
  /// Connections at one time from one address.
  package var connectionsPerAddress = 250
  /// Requests a second that one reader, or one address without a token, may go on sending; 0 for no limit.
  package var requestsPerSecond = 50
  /// Requests that may come at once after a quiet time.
  package var burst = 200
  /// Open streams of events.
  package var streams = 256
  /// Open streams of events of one reader, or of one address without a token.
  package var streamsPerReader = 16
  /// From the beginning of a connection, or from a request's first byte, to the end of its head.
  package var headPatience = Duration.seconds(10)
  /// From one answer's end to the next request's first byte.
  package var idlePatience = Duration.seconds(60)
  /// For a client to take the next stretch of its answer.
  package var writePatience = Duration.seconds(30)
  /// For a client that goes on sending what was refused, until it is cut off.
  package var lingering = Duration.seconds(2)
  /// Between two comments on a stream of events on which nothing happens.
  package var heartbeat = Duration.seconds(15)

  package init() {}
}
