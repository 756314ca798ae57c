import CLibgit2
package import Model

extension Repository {
  /// The lines of `content`, from 1, that aren't in the file `old` was: added or changed ones.
  ///
  /// Of a binary file none are told. Work and memory grow with the two contents, not with the history.
  package func changedLines(from old: ObjectID, to content: [UInt8]) throws(GitError) -> [ClosedRange<Int>] {
    try locked { (repository) throws(GitError) in
      var id = try old.libraryID()
      var blob: OpaquePointer?
      let found = git_blob_lookup(&blob, repository, &id)
      guard found == 0, let blob else { throw GitError(reading: old, in: path, found) }
      defer { git_blob_free(blob) }
      var options = git_diff_options()
      git_diff_options_init(&options, UInt32(GIT_DIFF_OPTIONS_VERSION))
      options.context_lines = 0
      options.interhunk_lines = 0
      var lines: [ClosedRange<Int>] = []
      let code = content.withUnsafeBytes { buffer in
        withUnsafeMutablePointer(to: &lines) { lines in
          git_diff_blob_to_buffer(
            blob, nil, buffer.baseAddress?.assumingMemoryBound(to: CChar.self), buffer.count, nil, &options, nil, nil,
            { _, hunk, lines in
              guard let hunk = hunk?.pointee, hunk.new_lines > 0 else { return 0 }
              let first = Int(hunk.new_start)
              lines?.assumingMemoryBound(to: [ClosedRange<Int>].self).pointee
                .append(first...(first + Int(hunk.new_lines) - 1))
              return 0
            }, nil, UnsafeMutableRawPointer(lines))
        }
      }
      guard code == 0 else { throw GitError(storing: path, LibraryFailure.last(code: code)) }
      return lines
    }
  }
}
