# Engine "redis" for both engines: a group of that kind serves Valkey too, and is the one that takes a default user
# without a password. A group of engine "valkey" refuses it, and a password would stand in the state.

resource "aws_elasticache_user" "application" {
  # IAM authentication wants the id and the name to be the same.
  user_id       = var.name
  user_name     = var.name
  engine        = "redis"
  access_string = "on ~* +@all"

  authentication_mode {
    type = "iam"
  }

  tags = {
    Name = "elasticache-${var.name}"
  }
}

# Who connects without saying who they are is this user, and it may do nothing: it is off.
resource "aws_elasticache_user" "default" {
  user_id       = "${var.name}-default"
  user_name     = "default"
  engine        = "redis"
  access_string = "off ~* -@all"

  authentication_mode {
    type = "no-password-required"
  }

  tags = {
    Name = "elasticache-${var.name}-default"
  }
}

resource "aws_elasticache_user_group" "this" {
  user_group_id = var.name
  engine        = "redis"
  user_ids = [
    aws_elasticache_user.application.user_id,
    aws_elasticache_user.default.user_id,
  ]

  tags = {
    Name = "elasticache-${var.name}"
  }
}
