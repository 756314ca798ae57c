/// Why a text is not a Prometheus duration, and at which byte of it.
package struct DurationSyntaxError: Error, Hashable, Sendable {
  /// What was wrong.
  package enum Problem: Hashable, Sendable {
    case expectedNumber, expectedUnit, unitsOutOfOrder, tooLong
  }

  package let problem: Problem
  package let offset: Int

  package init(_ problem: Problem, at offset: Int) {
    self.problem = problem
    self.offset = offset
  }
}

extension Duration {
  private static let units: [(name: String, milliseconds: Int64)] = [
    ("y", 365 * 86_400_000), ("w", 7 * 86_400_000), ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000),
    ("ms", 1),
  ]

  /// The longest duration Prometheus can hold: `Int64` nanoseconds, in milliseconds.
  private static let longest = Int64.max / 1_000_000

  /// Reads a Prometheus duration such as `1h30m`; the single text `0` is allowed.
  ///
  /// Units are y (365 days), w, d, h, m, s and ms; they descend and each appears once
  /// (prometheus/common `model.ParseDuration`).
  package init(prometheus text: String) throws(DurationSyntaxError) {
    let bytes = Array(text.utf8)
    if bytes == [UInt8(ascii: "0")] {
      self = .zero
      return
    }
    var offset = 0
    var total: Int64 = 0
    var largestAllowed = Int64.max
    repeat {
      let start = offset
      var count: Int64 = 0
      while offset < bytes.count, UInt8(ascii: "0")...UInt8(ascii: "9") ~= bytes[offset] {
        let (product, overflow) = count.multipliedReportingOverflow(by: 10)
        let (sum, carried) = product.addingReportingOverflow(Int64(bytes[offset] - UInt8(ascii: "0")))
        guard !overflow, !carried else { throw .init(.tooLong, at: start) }
        count = sum
        offset += 1
      }
      guard offset > start else { throw .init(.expectedNumber, at: start) }
      guard let unit = Self.unit(in: bytes, at: offset) else { throw .init(.expectedUnit, at: offset) }
      guard unit.milliseconds < largestAllowed else { throw .init(.unitsOutOfOrder, at: start) }
      offset += unit.length
      let (product, overflow) = count.multipliedReportingOverflow(by: unit.milliseconds)
      let (sum, carried) = total.addingReportingOverflow(product)
      guard !overflow, !carried, sum <= Self.longest else { throw .init(.tooLong, at: start) }
      total = sum
      largestAllowed = unit.milliseconds
    } while offset < bytes.count
    self = .milliseconds(total)
  }

  private static func unit(in bytes: [UInt8], at offset: Int) -> (milliseconds: Int64, length: Int)? {
    guard offset < bytes.count else { return nil }
    let next = offset + 1 < bytes.count ? bytes[offset + 1] : 0
    switch bytes[offset] {
    case UInt8(ascii: "y"): return (units[0].milliseconds, 1)
    case UInt8(ascii: "w"): return (units[1].milliseconds, 1)
    case UInt8(ascii: "d"): return (units[2].milliseconds, 1)
    case UInt8(ascii: "h"): return (units[3].milliseconds, 1)
    case UInt8(ascii: "m") where next == UInt8(ascii: "s"): return (1, 2)
    case UInt8(ascii: "m"): return (units[4].milliseconds, 1)
    case UInt8(ascii: "s"): return (units[5].milliseconds, 1)
    default: return nil
    }
  }

  /// This duration as Prometheus prints it: `0s`, `1h30m`, `2w`; years and weeks only where they divide exactly.
  package var prometheus: String {
    var rest = wholeMilliseconds
    guard rest != 0 else { return "0s" }
    var text = rest < 0 ? "-" : ""
    rest = rest == .min ? .max : abs(rest)
    for (name, size) in Self.units where rest >= size {
      if name == "y" || name == "w", rest % size != 0 { continue }
      text += String(rest / size) + name
      rest %= size
    }
    return text
  }
}
