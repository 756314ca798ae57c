package import Model

/// A commit's signature and the bytes that it signs.
package struct CommitSignature: Hashable, Sendable {
  /// The armoured signature, as it stands in the commit's header.
  package let armor: String
  /// The commit object without its signatures: what was signed.
  package let payload: [UInt8]

  /// Takes a commit object apart; `nil` where it has no header `gpgsig`.
  ///
  /// What is signed is the object without its headers `gpgsig` and `gpgsig-sha256`; everything else stays, `mergetag`
  /// and `encoding` too. Several `gpgsig` headers are read as one signature, as git reads them.
  package init?(commit object: [UInt8]) {
    var signature: [UInt8] = []
    var payload: [UInt8] = []
    payload.reserveCapacity(object.count)
    var header = Header.other
    var start = object.startIndex
    while start < object.endIndex {
      let end = object[start...].firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? object.endIndex
      let line = object[start..<end]
      // The first empty line ends the headers; the message may hold anything.
      guard line.first != UInt8(ascii: "\n") else { break }
      if line.first != UInt8(ascii: " ") { header = Header(line) }
      switch header {
      case .signature(let name): signature += line.dropFirst(line.first == UInt8(ascii: " ") ? 1 : name)
      case .otherSignature: break
      case .other: payload += line
      }
      start = end
    }
    guard !signature.isEmpty else { return nil }
    armor = String(decoding: signature, as: UTF8.self)
    self.payload = payload + object[start...]
  }

  /// Which header a line begins.
  private enum Header {
    /// The signature; `name` is how many bytes stand before its text.
    case signature(name: Int)
    /// The signature of the same commit under its SHA-256 name.
    case otherSignature
    case other

    init(_ line: ArraySlice<UInt8>) {
      if line.starts(with: "gpgsig ".utf8) {
        self = .signature(name: 7)
      } else {
        self = line.starts(with: "gpgsig-sha256 ".utf8) ? .otherSignature : .other
      }
    }
  }

  /// What checking the signature comes to.
  package var standing: SignatureStanding {
    do throws(SignatureFault) {
      let signature = try SSHSignature(armor: armor)
      try signature.verify(payload, namespace: "git")
      return .valid(signature.key, fingerprint: signature.key.fingerprint)
    } catch {
      switch error {
      case .invalid(let why): return .invalid(why)
      case .unsupported(let what): return .unsupported(what)
      }
    }
  }

  /// What checking the signature of this commit object comes to.
  package static func standing(ofCommit object: [UInt8]) -> SignatureStanding {
    CommitSignature(commit: object)?.standing ?? .unsigned
  }
}

/// Why a signature counts for nothing.
enum SignatureFault: Error, Hashable {
  /// It isn't a signature over what it should sign.
  case invalid(String)
  /// It is of a sort that isn't checked.
  case unsupported(String)
}
