<?php
/**
 * The box at the checkout.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * Which list the box at WooCommerce's checkout is for, and its words. Off until the owner switches it on.
 */
final class Checkout_Settings {

	public const OPTION = 'gateway_connector_checkout';

	private const MAX_LENGTHS = array(
		'list'           => 100,
		'label'          => 500,
		'policy_url'     => 2000,
		'policy_version' => 100,
	);

	public bool $enabled = false;

	public string $list = '';

	/**
	 * The words beside the box.
	 */
	public string $label = '';

	public string $policy_url = '';

	public string $policy_version = '';

	public static function load(): self {
		return self::from_input( (array) get_option( self::OPTION, array() ) );
	}

	/**
	 * Reads what the page posted, or what was saved.
	 *
	 * @param array $input Unslashed input.
	 */
	public static function from_input( array $input ): self {
		$settings          = new self();
		$settings->enabled = ! empty( $input['enabled'] );
		foreach ( self::MAX_LENGTHS as $text => $max ) {
			$given           = is_string( $input[ $text ] ?? null ) ? $input[ $text ] : '';
			$settings->$text = mb_substr( sanitize_text_field( Plain_Text::with_spaces( $given ) ), 0, $max );
		}
		$settings->policy_url = sanitize_url( $settings->policy_url, array( 'http', 'https' ) );
		return $settings;
	}

	/**
	 * Keeps the settings. They are loaded with the other options, because every checkout asks for them.
	 */
	public function save(): void {
		update_option( self::OPTION, get_object_vars( $this ), true );
	}

	public function is_active(): bool {
		return $this->enabled && '' !== $this->list && '' !== $this->label;
	}

	/**
	 * The consent member of a submission whose sender ticked the box.
	 */
	public function consent(): array {
		return array_filter(
			array(
				'given'         => true,
				'text'          => $this->label,
				'policyUrl'     => $this->policy_url,
				'policyVersion' => $this->policy_version,
			)
		);
	}
}
