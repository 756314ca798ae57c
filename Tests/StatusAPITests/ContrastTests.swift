import Foundation
import Testing

@testable import StatusAPI

/// The colours of both themes, as the style sheet names them.
private struct Theme {
  var colours: [String: (Double, Double, Double)] = [:]

  /// Reads `--name: #rrggbb;` lines from `start` to the next brace.
  init(_ css: Substring) {
    for line in css.prefix(while: { $0 != "}" }).split(separator: "\n") {
      let parts = line.split(separator: ":").map { $0.trimmingCharacters(in: .whitespaces) }
      guard parts.count == 2, parts[0].hasPrefix("--"), parts[1].hasPrefix("#"),
        let value = Int(parts[1].dropFirst().prefix(6), radix: 16)
      else { continue }
      colours[String(parts[0].dropFirst(2))] = (Double(value >> 16), Double(value >> 8 & 255), Double(value & 255))
    }
  }

  /// WCAG 2.2's relative luminance.
  private func luminance(_ name: String) throws -> Double {
    let (red, green, blue) = try #require(colours[name], "\(name)")
    func linear(_ part: Double) -> Double {
      let part = part / 255
      return part <= 0.04045 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4)
    }
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
  }

  func contrast(_ one: String, _ other: String) throws -> Double {
    let (first, second) = (try luminance(one), try luminance(other))
    return (max(first, second) + 0.05) / (min(first, second) + 0.05)
  }
}

@Suite struct `Colours of the dashboard` {
  private static let css = embeddedAssets.first { $0.name == "style.css" }?.text ?? ""

  private static func theme(_ mark: String) throws -> Theme {
    Theme(css[try #require(css.range(of: mark)).upperBound...])
  }

  private static let grounds = ["page", "surface", "sunken", "hover"]
  private static let tones = ["bad", "error", "warning", "good", "busy", "neutral"]

  @Test(arguments: [":root {", #"not([data-theme="light"]) {"#, #":root[data-theme="dark"] {"#])
  func `are legible in each theme`(mark: String) throws {
    let theme = try Self.theme(mark)
    for ground in Self.grounds {
      for ink in ["text", "quiet", "accent"] + Self.tones {
        #expect(try theme.contrast(ink, ground) >= 4.5, "\(ink) on \(ground)")
      }
      #expect(try theme.contrast("edge", ground) >= 3, "edge on \(ground)")
    }
    for plot in ["bad", "error", "warning", "info", "other"] {
      #expect(try theme.contrast("plot-" + plot, "surface") >= 3, "plot-\(plot)")
    }
    for tone in Self.tones { #expect(try theme.contrast(tone, tone + "-soft") >= 4.5, "\(tone)") }
    #expect(try theme.contrast("accent", "accent-soft") >= 4.5)
    #expect(try theme.contrast("on-accent", "accent") >= 4.5)
    #expect(try theme.contrast("quiet", "neutral-soft") >= 4.5)
  }

  @Test func `are the same in the dark by choice and by system`() throws {
    let (system, chosen) = (
      try Self.theme(#"not([data-theme="light"]) {"#), try Self.theme(#":root[data-theme="dark"] {"#)
    )
    #expect(system.colours.mapValues { "\($0)" } == chosen.colours.mapValues { "\($0)" })
    #expect(Set(system.colours.keys) == Set(try Self.theme(":root {").colours.keys))
  }
}
