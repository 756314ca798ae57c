/// Names that are given once: what people called something, made a name that Belfry takes.
struct NameBook {
  private var taken: Set<String>

  init(taken: Set<String> = []) {
    self.taken = taken
  }

  /// A DNS label made of `text` that nothing has yet; `fallback` where no letter or digit is left of it.
  mutating func name(for text: String, else fallback: String) -> String {
    let label = text.asLabel
    let base = label.isEmpty ? fallback : label
    var name = base
    var number = 2
    while !taken.insert(name).inserted {
      name = base + "-" + String(number)
      number += 1
    }
    return name
  }
}

extension String {
  /// Lower-case letters, digits and hyphens, at most 50, what else there is made a hyphen; empty where nothing is left.
  var asLabel: String {
    var label: [UInt8] = []
    for scalar in unicodeScalars {
      let byte = scalar.isASCII ? UInt8(scalar.value) : UInt8(ascii: "-")
      if byte.isLetter || byte.isDigit {
        label.append(UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte ? byte + 32 : byte)
      } else if label.last != UInt8(ascii: "-"), !label.isEmpty {
        label.append(UInt8(ascii: "-"))
      }
      if label.count == 50 { break }
    }
    while label.last == UInt8(ascii: "-") { label.removeLast() }
    return String(decoding: label, as: UTF8.self)
  }

  /// Whether this is a DNS label already (RFC 1123), as the folder of a tenant or project has to be.
  var isLabel: Bool {
    1...63 ~= utf8.count && !hasPrefix("-") && !hasSuffix("-")
      && utf8.allSatisfy {
        UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 || $0.isDigit
          || $0 == UInt8(ascii: "-")
      }
  }
}
