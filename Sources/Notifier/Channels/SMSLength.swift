/// How long a text message is, as carriers count it (3GPP TS 23.038).
package enum SMSLength {
  /// How many parts carry `text`: 160 characters of the GSM alphabet, or 153 of each part where there are several; with
  /// any other character 70 UTF-16 units, or 67.
  package static func parts(of text: String) -> Int {
    if let widths = septets(of: text) { return parts(widths, whole: 160, part: 153) }
    return parts(text.unicodeScalars.map { $0.value > 0xffff ? 2 : 1 }, whole: 70, part: 67)
  }

  /// Septets, or UTF-16 units where a character is not of the GSM alphabet.
  package static func units(of text: String) -> Int { septets(of: text)?.reduce(0, +) ?? text.utf16.count }

  /// The beginning of `text` that `limit` parts carry, with dots at its end where something is missing.
  package static func cut(_ text: String, parts limit: Int) -> String {
    guard parts(of: text) > limit else { return text }
    // Three dots are of the GSM alphabet, and an ellipsis is not.
    let end = septets(of: text) == nil ? "…" : "..."
    let characters = Array(text)
    var (low, high) = (0, characters.count)
    while low < high {
      let middle = (low + high + 1) / 2
      if parts(of: String(characters[..<middle]) + end) <= limit { low = middle } else { high = middle - 1 }
    }
    return String(characters[..<low]) + end
  }

  /// No character is split between two parts.
  private static func parts(_ widths: [Int], whole: Int, part: Int) -> Int {
    guard widths.reduce(0, +) > whole else { return 1 }
    var (count, used) = (1, 0)
    for width in widths {
      if used + width > part {
        count += 1
        used = 0
      }
      used += width
    }
    return count
  }

  /// 1 or 2 for each character; `nil` where one is not of the GSM alphabet.
  private static func septets(of text: String) -> [Int]? {
    var widths: [Int] = []
    for scalar in text.unicodeScalars {
      if basic.contains(scalar) {
        widths.append(1)
      } else if extended.contains(scalar) {
        widths.append(2)
      } else {
        return nil
      }
    }
    return widths
  }

  /// The default alphabet.
  private static let basic: Set<Unicode.Scalar> = {
    let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    let marks = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./:;<=>?¡ÄÖÑÜ§¿äöñüà"
    return Set((letters + marks).unicodeScalars)
  }()

  /// Behind an escape.
  private static let extended: Set<Unicode.Scalar> = Set("^{}\\[~]|€\u{c}".unicodeScalars)
}
