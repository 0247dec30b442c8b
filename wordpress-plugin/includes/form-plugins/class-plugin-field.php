<?php
/**
 * A field of a form.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * One field: what it is called in its plugin, what people read beside it, and what it is good for.
 */
final class Plugin_Field {

	public const TEXT  = 'text';
	public const EMAIL = 'email';

	/**
	 * A long text. Who can send one may have another purpose than the newsletter.
	 */
	public const MESSAGE = 'message';

	/**
	 * A file, which stays on the site. Who can send one may have another purpose, too.
	 */
	public const FILE = 'file';

	/**
	 * One box to tick, which can mean consent.
	 */
	public const BOX = 'box';

	public string $id;

	public string $label;

	public string $kind;

	/**
	 * The words beside a box, as people read them; empty for other fields.
	 */
	public string $words = '';

	/**
	 * Whether the page shows a box ticked before anybody ticked it.
	 */
	public bool $ticked_in_advance = false;

	/**
	 * A field.
	 *
	 * @param string|int $id    What it is called in its plugin.
	 * @param string     $label What people read beside it, as HTML or text.
	 * @param string     $kind  One of the constants.
	 */
	public function __construct( $id, string $label, string $kind = self::TEXT ) {
		$this->id    = (string) $id;
		$this->label = Plain_Text::of( $label );
		$this->kind  = $kind;
	}

	/**
	 * A box.
	 *
	 * @param string|int $id     What it is called in its plugin.
	 * @param string     $label  What people read above it, as HTML or text; may be empty.
	 * @param string     $words  What people read beside it, as HTML or text.
	 * @param bool       $ticked Whether it is ticked in advance.
	 */
	public static function box( $id, string $label, string $words, bool $ticked = false ): self {
		$box        = new self( $id, '' === $label ? $words : $label, self::BOX );
		$box->words = Plain_Text::of( $words );

		$box->ticked_in_advance = $ticked;
		return $box;
	}
}
