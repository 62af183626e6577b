"""Who may change a piece: its person."""


def can_change_piece(user, piece) -> bool:
    return user.pk == piece.user_id
