<?php
/**
 * What a form subscribes people to.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * One mailing list of one form: which fields hold the address and the name, and which box is the consent.
 */
final class Subscription {

	/**
	 * In place of a box: whoever sends the form agrees, because it is for nothing but the newsletter. No field has such a name.
	 */
	public const SENDING = '(sending)';

	/**
	 * The texts and their lengths: the gateway's limits.
	 */
	private const TEXTS = array(
		'list'           => 100,
		'email'          => 100,
		'name'           => 100,
		'consent'        => 100,
		'words'          => 2000,
		'policy_url'     => 2000,
		'policy_version' => 100,
	);

	public string $list = '';

	/**
	 * Name of the field with the address.
	 */
	public string $email = '';

	/**
	 * Name of the field with the person's name; may be empty.
	 */
	public string $name = '';

	/**
	 * Name of the field with the box to tick, or SENDING.
	 */
	public string $consent = '';

	/**
	 * What people read in a form whose sending is the consent.
	 */
	public string $words = '';

	public string $policy_url = '';

	public string $policy_version = '';

	/**
	 * Fields by the name of the contact property that they fill.
	 *
	 * @var array<string,string>
	 */
	public array $properties = array();

	/**
	 * Rows of property and field that cannot be sent until the owner changes them.
	 *
	 * @var array{name:string,field:string}[]
	 */
	public array $unfit_properties = array();

	/**
	 * Reads what was saved.
	 */
	public static function from_array( array $saved ): self {
		$subscription = new self();
		foreach ( array_keys( self::TEXTS ) as $text ) {
			$subscription->$text = (string) ( $saved[ $text ] ?? '' );
		}
		$subscription->fill(
			Property_Names::rows( (array) ( $saved['properties'] ?? array() ), (array) ( $saved['unfit_properties'] ?? array() ) )
		);
		return $subscription;
	}

	/**
	 * Reads what the panel posted.
	 *
	 * @param array $input Unslashed input; properties come as rows of name and field.
	 */
	public static function from_input( array $input ): self {
		$subscription = new self();
		foreach ( array_keys( self::TEXTS ) as $text ) {
			$subscription->$text = self::clean( $input, $text );
		}
		$subscription->policy_url = sanitize_url( $subscription->policy_url, array( 'http', 'https' ) );
		$subscription->fill( (array) ( $input['properties'] ?? array() ) );
		return $subscription;
	}

	/**
	 * Takes rows of property and field.
	 *
	 * @param array $rows Unslashed rows of name and field.
	 */
	public function fill( array $rows ): void {
		list( $this->properties, $this->unfit_properties ) = Property_Names::sort( $rows );
	}

	public function to_array(): array {
		return get_object_vars( $this );
	}

	/**
	 * Whether somebody can be subscribed with it.
	 */
	public function is_complete(): bool {
		return '' !== $this->list && '' !== $this->email && '' !== $this->consent
			&& ( self::SENDING !== $this->consent || '' !== $this->words );
	}

	/**
	 * Names of the form's fields in use.
	 *
	 * @return string[]
	 */
	public function fields(): array {
		$box    = self::SENDING === $this->consent ? '' : $this->consent;
		$fields = array_merge( array( $this->email, $this->name, $box ), array_values( $this->properties ) );
		return array_values( array_unique( array_filter( $fields, 'strlen' ) ) );
	}

	private static function clean( array $input, string $name ): string {
		$text = isset( $input[ $name ] ) && is_string( $input[ $name ] ) ? sanitize_text_field( $input[ $name ] ) : '';
		return mb_substr( $text, 0, self::TEXTS[ $name ] );
	}
}
