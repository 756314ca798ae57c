package import JSON
package import Model

/// Whether commits are asked who made them, and how the newest one stands.
package struct VerificationView: Hashable, Sendable {
  /// `off`, `author` or `signed`.
  package var mode: String
  /// `Off`, `Verified`, or `Refused` while some file's change is.
  package var status: String
  /// Who made the newest commit: an e-mail, or a key's fingerprint; `nil` where that isn't known or not to be seen.
  package var signer: String?
  /// Of the key that signed the newest commit: `SHA256:…`.
  package var fingerprint: String?
  /// What `--trust-root` names.
  package var trustRoot: ObjectID?
  /// The newest commit at which nothing was refused.
  package var authorised: ObjectID?
  /// How many files are refused, of those that the reader may see.
  package var refusedFiles: Int

  package init(
    mode: String, status: String, signer: String? = nil, fingerprint: String? = nil, trustRoot: ObjectID? = nil,
    authorised: ObjectID? = nil, refusedFiles: Int = 0
  ) {
    self.mode = mode
    self.status = status
    self.signer = signer
    self.fingerprint = fingerprint
    self.trustRoot = trustRoot
    self.authorised = authorised
    self.refusedFiles = refusedFiles
  }
}

extension VerificationView: JSONView {
  package func write(to writer: inout JSONWriter) {
    writer.object {
      $0.member("mode", mode)
      $0.member("status", status)
      $0.optional("signer", signer)
      $0.optional("fingerprint", fingerprint)
      $0.optional("trustRoot", trustRoot)
      $0.optional("authorised", authorised)
      $0.member("refusedFiles", refusedFiles)
    }
  }
}
