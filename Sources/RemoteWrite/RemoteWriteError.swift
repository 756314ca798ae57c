/// Why samples have not arrived when a writer stopped waiting for them.
package enum RemoteWriteError: Error, Hashable, Sendable {
  /// They are held and will be sent as soon as it works; what is in the way.
  case late(String)
  /// Some of them will never arrive.
  case lost(String)
}

extension RemoteWriteError: CustomStringConvertible {
  /// One line for people.
  package var description: String {
    switch self {
    case .late(let words): "samples are held until they can be written: \(words)"
    case .lost(let words): "samples were lost: \(words)"
    }
  }
}
