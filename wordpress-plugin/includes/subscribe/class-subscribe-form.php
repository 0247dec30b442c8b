<?php
/**
 * One subscribe form.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * What a subscribe form of ours says and subscribes to, from the attributes of a block or shortcode.
 *
 * The form carries all this with it, signed. So a page that a cache has kept for weeks still sends the words that its visitor read,
 * and nobody can send others or subscribe to another list.
 */
final class Subscribe_Form {

	/**
	 * The attributes with their defaults. An empty text means our text, in the form's language.
	 */
	public const ATTRIBUTES = array(
		'list'     => '',
		'name'     => false,
		'label'    => '',
		'policy'   => '',
		'button'   => '',
		'success'  => '',
		'language' => '',
		'title'    => '',
	);

	/**
	 * The gateway's limits.
	 */
	private const TEXTS   = array(
		'list'    => 100,
		'label'   => 2000,
		'button'  => 200,
		'success' => 2000,
		'title'   => 500,
	);
	private const MAX_ID  = 100;
	private const MAX_URL = 2000;

	public string $list;

	/**
	 * Whether the form asks for the name too.
	 */
	public bool $with_name;

	/**
	 * The words beside the box, which are the proof of consent.
	 */
	public string $label;

	/**
	 * Address of the privacy policy; may be empty.
	 */
	public string $policy;

	public string $button;

	public string $success;

	/**
	 * A locale such as fr_FR, which is also that of the mail.
	 */
	public string $language;

	/**
	 * The owner's name for the form; may be empty.
	 */
	public string $title;

	private function __construct( array $members ) {
		$this->list      = (string) ( $members['list'] ?? '' );
		$this->with_name = ! empty( $members['name'] );
		$this->label     = (string) ( $members['label'] ?? '' );
		$this->policy    = (string) ( $members['policy'] ?? '' );
		$this->button    = (string) ( $members['button'] ?? '' );
		$this->success   = (string) ( $members['success'] ?? '' );
		$this->language  = (string) ( $members['language'] ?? '' );
		$this->title     = (string) ( $members['title'] ?? '' );
	}

	/**
	 * Reads what the author of a page chose.
	 */
	public static function from_attributes( array $attributes ): self {
		$attributes['name'] = wp_validate_boolean( $attributes['name'] ?? false );

		$form = new self( $attributes );
		foreach ( self::TEXTS as $text => $max ) {
			// Editors write &amp; into shortcodes, and authors <br>.
			$form->$text = mb_substr( sanitize_text_field( Plain_Text::with_spaces( Plain_Text::decode( $form->$text ) ) ), 0, $max );
		}
		$policy         = sanitize_url( '' === $form->policy ? get_privacy_policy_url() : $form->policy, array( 'http', 'https' ) );
		$form->policy   = strlen( $policy ) > self::MAX_URL ? '' : $policy;
		$form->language = 1 === preg_match( '/^\w{2,20}$/', $form->language ) ? $form->language : determine_locale();
		return $form->in_its_language( static fn() => $form->with_our_texts() );
	}

	/**
	 * The texts where the author chose none.
	 */
	private function with_our_texts(): self {
		$this->label   = '' === $this->label ? __( 'Yes, send me the newsletter.', 'gateway-connector' ) : $this->label;
		$this->button  = '' === $this->button ? __( 'Subscribe', 'gateway-connector' ) : $this->button;
		$this->success = '' === $this->success
			? __( 'Thank you. Please check your inbox and confirm your address.', 'gateway-connector' )
			: $this->success;
		return $this;
	}

	/**
	 * Does something while WordPress speaks the form's language.
	 *
	 * @param callable $act What to do.
	 * @return mixed What it returns.
	 */
	public function in_its_language( callable $act ) {
		return Translations::speak( $this->language, $act );
	}

	/**
	 * The form as one text that only this site can make.
	 */
	public function signed(): string {
		return Signed_Fields::sign(
			array(
				'list'     => $this->list,
				'name'     => $this->with_name,
				'label'    => $this->label,
				'policy'   => $this->policy,
				'success'  => $this->success,
				'language' => $this->language,
				'title'    => $this->title,
			)
		);
	}

	/**
	 * Reads the signed text.
	 *
	 * @return self|null Null when it is not ours.
	 */
	public static function from_signed( string $signed ): ?self {
		$members = Signed_Fields::verify( $signed );
		return empty( $members['list'] ) ? null : new self( $members );
	}

	/**
	 * The form's id at the gateway. Forms without a title count as one.
	 */
	public function id(): string {
		return mb_substr( rtrim( 'subscribe-' . sanitize_title( $this->title ), '-' ), 0, self::MAX_ID );
	}
}
