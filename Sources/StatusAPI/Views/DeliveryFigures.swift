package import JSON
import Model

/// How deliveries over one channel, or all, went within a window.
package struct DeliveryFigures: Hashable, Sendable {
  /// Tries that reached the channel or should have: all but what was observed or held.
  package var attempts: Int
  package var delivered: Int
  /// Tries that were rejected, throttled or didn't reach anybody.
  package var failed: Int
  /// Messages given up: failed for good, with no further try.
  package var givenUp: Int
  /// `notify: observe`: recorded, and not sent on purpose.
  package var observed: Int
  /// Kept back by a cooldown or a limit.
  package var held: Int
  /// What a try that was delivered took; `nil` while there was none.
  package var latencyMedian: Duration?
  package var latencyP95: Duration?

  package init(
    attempts: Int = 0, delivered: Int = 0, failed: Int = 0, givenUp: Int = 0, observed: Int = 0, held: Int = 0,
    latencyMedian: Duration? = nil, latencyP95: Duration? = nil
  ) {
    self.attempts = attempts
    self.delivered = delivered
    self.failed = failed
    self.givenUp = givenUp
    self.observed = observed
    self.held = held
    self.latencyMedian = latencyMedian
    self.latencyP95 = latencyP95
  }

  /// The part of the tries that succeeded, 0…1; `nil` without a try.
  package var deliveryRate: Double? { attempts > 0 ? Double(delivered) / Double(attempts) : nil }
  /// The part of the tries that failed, 0…1; `nil` without a try.
  package var failureRate: Double? { attempts > 0 ? Double(failed) / Double(attempts) : nil }
}

extension DeliveryFigures: JSONView {
  package func write(to writer: inout JSONWriter) {
    writer.object { writeMembers(to: &$0) }
  }

  func writeMembers(to writer: inout JSONWriter) {
    writer.member("attempts", attempts)
    writer.member("delivered", delivered)
    writer.member("failed", failed)
    writer.member("givenUp", givenUp)
    writer.member("observed", observed)
    writer.member("held", held)
    writer.optional("deliveryRate", deliveryRate)
    writer.optional("failureRate", failureRate)
    writer.optional("latencyP50Ms", latencyMedian.map { Int($0.wholeMilliseconds) })
    writer.optional("latencyP95Ms", latencyP95.map { Int($0.wholeMilliseconds) })
  }
}

extension JSONWriter {
  mutating func optional(_ name: String, _ value: Double?) {
    key(name)
    if let value { double(value) } else { null() }
  }
}
