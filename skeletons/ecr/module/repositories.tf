locals {
  chart_repositories = toset([for chart in var.charts : "charts/${chart}"])
  repositories       = setunion(var.images, local.chart_repositories)

  expire_untagged = {
    rulePriority = 1
    description  = "Untagged: ${var.untagged_days} days"
    selection    = { tagStatus = "untagged", countType = "sinceImagePushed", countUnit = "days", countNumber = var.untagged_days }
    action       = { type = "expire" }
  }

  # Tagged images only: the untagged parts of an image for several architectures would count as images too.
  keep_newest = {
    rulePriority = 2
    description  = "Tagged: the newest ${var.keep_images}"
    selection    = { tagStatus = "tagged", tagPatternList = ["*"], countType = "imageCountMoreThan", countNumber = var.keep_images }
    action       = { type = "expire" }
  }
}

resource "aws_ecr_repository" "this" {
  for_each = local.repositories

  name                 = each.key
  image_tag_mutability = "IMMUTABLE"
  force_delete         = false

  image_scanning_configuration {
    scan_on_push = true
  }

  encryption_configuration {
    encryption_type = "KMS"
    kms_key         = aws_kms_key.this.arn
  }

  tags = {
    Name = each.key
  }
}

# A chart weighs kilobytes and an old version is what a rollback asks for, so no tagged chart expires.
resource "aws_ecr_lifecycle_policy" "this" {
  for_each = aws_ecr_repository.this

  repository = each.value.name
  policy = jsonencode({
    rules = concat(
      [local.expire_untagged],
      contains(local.chart_repositories, each.key) ? [] : [local.keep_newest],
    )
  })
}

resource "aws_ecr_repository_policy" "this" {
  for_each = aws_ecr_repository.this

  repository = each.value.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid    = "OrganizationPulls"
      Effect = "Allow"
      # Everybody, narrowed by the condition: a policy cannot name an organization as its principal.
      Principal = { AWS = "*" }
      Action = [
        "ecr:BatchCheckLayerAvailability",
        "ecr:BatchGetImage",
        "ecr:GetDownloadUrlForLayer",
      ]
      Condition = {
        StringEquals = { "aws:PrincipalOrgID" = var.organization_id }
      }
    }]
  })
}
