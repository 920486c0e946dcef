# Ask the command `recommender` from R. It needs R 4.0 or newer and the package jsonlite.
# PRECLINICAL EVIDENCE, for research and teaching, not for treatment decisions.

# The whole answer to one profile, a list as of jsonlite, with its label in answer$label.
# A profile is a list such as list(disease = "HCC", therapies = "sorafenib", markers = list(FASN = "high")).
recommend <- function(profile, options = character(), command = "recommender") {
  # These are lists of names in JSON, also where there is one name.
  for (field in intersect(c("therapies", "resistant_to", "mutations"), names(profile))) {
    profile[[field]] <- as.list(profile[[field]])
  }
  input <- tempfile(fileext = ".json")
  output <- tempfile(fileext = ".json")
  errors <- tempfile(fileext = ".txt")
  on.exit(unlink(c(input, output, errors)))
  jsonlite::write_json(profile, input, auto_unbox = TRUE, null = "null", digits = NA)
  status <- system2(
    command,
    c("recommend", "--format", "json", "--output", quoted(output), quoted(options), quoted(input)),
    stdout = FALSE,
    stderr = errors
  )
  if (status != 0) {
    stop(paste(readLines(errors, encoding = "UTF-8"), collapse = "\n"), call. = FALSE)
  }
  jsonlite::read_json(output)
}

quoted <- function(words) {
  shQuote(words, type = if (.Platform$OS.type == "windows") "cmd" else "sh")
}

# The ranking of an answer as a data frame, one row for each add-on, with the label in each row.
ranking <- function(answer) {
  rows <- lapply(answer$recommendations, function(one) {
    data.frame(
      profile = or_missing(answer$profile$id),
      rank = one$rank,
      add_on = one$add_on$name,
      partner = one$partner,
      score = one$score,
      group = or_missing(one$group),
      level = one$evidence$level,
      label = answer$label
    )
  })
  do.call(rbind, rows)
}

or_missing <- function(text) if (is.null(text)) NA_character_ else text

if (sys.nframe() == 0L) {
  given <- commandArgs(trailingOnly = TRUE)
  if (length(given) == 0) {
    stop("Usage: Rscript recommender.R PROFILE.json [OPTION...]", call. = FALSE)
  }
  answer <- recommend(jsonlite::read_json(given[1]), given[-1])
  cat(answer$label, "\n", answer$disclaimer, "\n", sep = "")
  table <- ranking(answer)
  if (is.null(table)) cat("Nothing is ranked.\n") else print(table, row.names = FALSE)
}
