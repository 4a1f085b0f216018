/** Why an archive is not taken in: a sentence's end, as in "pack.zip: it is encrypted". */
export class ArchiveFault extends Error {
  override readonly name = "ArchiveFault";
}
