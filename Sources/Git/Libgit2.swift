import CLibgit2
import Glibc
import Model
import Synchronization

/// The library, set up once for the process.
enum Libgit2 {
  /// Runs the set-up on first use.
  ///
  /// No configuration outside a repository is read, and who owns a repository's folder doesn't matter: what is read
  /// is the mirror of this process, or what a person names on the command line; hooks are never run.
  static func prepare() throws(GitError) {
    guard isReady else { throw .unsupported(detail: "libgit2 can't be started: \(LibraryFailure.last().message)") }
  }

  private static let isReady: Bool = {
    guard git_libgit2_init() > 0 else { return false }
    for level in [GIT_CONFIG_LEVEL_SYSTEM, GIT_CONFIG_LEVEL_XDG, GIT_CONFIG_LEVEL_GLOBAL, GIT_CONFIG_LEVEL_PROGRAMDATA]
    {
      guard belfry_git_set_search_path(level.rawValue, "") == 0 else { return false }
    }
    // Both leave the reading of objects and refs as it is, and are common in working copies.
    let harmlessExtensions = ["worktreeconfig", "partialclone"]
    let isExtended = withCStrings(harmlessExtensions) { names in
      belfry_git_set_extensions(names.baseAddress, names.count) == 0
    }
    return isExtended && belfry_git_set_owner_validation(false) == 0 && belfry_git_set_user_agent("belfry") == 0
      // What is fetched is hashed when it arrives, and again when it is read: what the disk, or somebody on it, made
      // another is never taken for what was committed.
      && belfry_git_set_hash_verification(true) == 0
      // The usual 4 KiB are some hundred names: a larger folder would be read and hashed again for each file looked up.
      && belfry_git_set_tree_cache_limit(16 << 20) == 0
  }()

  /// Trusts the authorities of `file` from now on, in place of the system's.
  ///
  /// Only before the first conversation over TLS, or with the file that is trusted already: the library frees the
  /// authorities that it had.
  static func trust(certificateFile file: String) throws(GitError) {
    let isRead = trusted.withLock { trusted in
      guard trusted != file else { return true }
      guard belfry_git_set_certificate_file(file) == 0 else { return false }
      trusted = file
      return true
    }
    guard isRead else {
      throw .unusableSetting(detail: "no certificate can be read from the CA file '\(file)'; a PEM file is accepted")
    }
  }

  private static let trusted = Mutex<String?>(nil)
}

/// What the library said of its last refusal, on this thread.
struct LibraryFailure {
  var code: Int32
  var area: git_error_t
  var message: String

  static func last(code: Int32 = -1) -> LibraryFailure {
    guard let error = git_error_last(), let message = error.pointee.message else {
      return LibraryFailure(code: code, area: GIT_ERROR_NONE, message: "no reason was given")
    }
    let area = git_error_t(rawValue: UInt32(bitPattern: error.pointee.klass))
    return LibraryFailure(code: code, area: area, message: String(cString: message).onOneLine)
  }

  /// The innermost fact: what stands behind the last `: `, begun in lower case.
  var fact: String {
    var text = message[...]
    while let index = text.indices.first(where: { text[$0...].hasPrefix(": ") }) {
      let rest = text[text.index(index, offsetBy: 2)...]
      guard !rest.isEmpty else { break }
      text = rest
    }
    if text.hasPrefix("failed to ") { return "can't " + text.dropFirst("failed to ".count) }
    guard let first = text.first, text.dropFirst().first?.isUppercase != true else { return String(text) }
    return first.lowercased() + text.dropFirst()
  }
}

extension String {
  /// The words of all lines in one, at most 300 characters.
  var onOneLine: String {
    let words = split { $0.isWhitespace }.joined(separator: " ")
    return words.count > 300 ? words.prefix(299) + "…" : words
  }
}

/// Calls `body` with C copies of `texts`.
func withCStrings<Result>(
  _ texts: [String], _ body: (UnsafeMutableBufferPointer<UnsafePointer<CChar>?>) -> Result
) -> Result {
  let copies = texts.map { strdup($0) }
  defer { copies.forEach { free($0) } }
  var pointers = copies.map { UnsafePointer($0) }
  return pointers.withUnsafeMutableBufferPointer { body($0) }
}

extension ObjectID {
  /// Reads the library's form; 20 bytes are always 40 digits.
  init(_ id: git_oid) {
    let hex = withUnsafeBytes(of: id.id) { bytes in
      String(unsafeUninitializedCapacity: 40) { digits in
        var index = 0
        for byte in bytes {
          digits[index] = hexDigit(byte >> 4)
          digits[index + 1] = hexDigit(byte & 15)
          index += 2
        }
        return index
      }
    }
    guard let id = ObjectID(hex) else { preconditionFailure("20 bytes are 40 hexadecimal digits") }
    self = id
  }

  /// For the library, which knows SHA-1 only.
  func libraryID() throws(GitError) -> git_oid {
    var id = git_oid()
    guard hex.utf8.count == 40, git_oid_fromstr(&id, hex) == 0 else { throw .objectMissing(self) }
    return id
  }
}

private func hexDigit(_ value: UInt8) -> UInt8 {
  value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
}
