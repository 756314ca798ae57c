import Model
import Specs

extension Mention {
  /// How it is written where it calls nobody: as it stands. What is meant for another kind of channel is left out.
  var shown: String? {
    switch self {
    case .everyone, .id: nil
    case .mobile(let text), .email(let text), .text(let text): text.onOneLine(limit: 200)
    }
  }

  /// As text, for whom the destination can't call; `nil` for an id that is meant for another kind of channel.
  func shownName(in kind: ChannelKind) -> String? {
    switch self {
    case .everyone: "@all"
    case .mobile(let number): "@" + number
    case .email(let address): "@" + address
    case .id(let channel, let id): channel == kind.rawValue ? "@" + id.onOneLine(limit: 100) : nil
    case .text(let text): "@" + text.onOneLine(limit: 100)
    }
  }
}

extension String {
  /// Whether this can be an id in a robot's markup without meaning anything there.
  var isRobotID: Bool {
    !isEmpty && utf8.count <= 128
      && utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
          UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."),
          UInt8(ascii: "@"), UInt8(ascii: "$"), UInt8(ascii: "+"):
          true
        default: false
        }
      }
  }

  /// A Chinese mobile number without its country code, as Chinese vendors have it; any other as it is.
  var localNumber: String { hasPrefix("+86") && utf8.count == 14 ? String(dropFirst(3)) : self }
}
