<?php
/**
 * What the gateway takes at most.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * Makes a submission fit the gateway's limits, because a submission that is too large would be refused for ever, and with it the opt-in.
 *
 * The fields that the subscriptions name always stay. Others are left out, the longest first, until the rest fits.
 */
final class Submission_Limits {

	/**
	 * The gateway takes 256 KiB, with the key that the spool adds and with room for what is not counted here.
	 */
	private const BYTES  = 248 * KB_IN_BYTES;
	private const FIELDS = 200;
	private const LISTS  = 20;

	/**
	 * Of the name of a field, and of the name of a property.
	 */
	private const FIELD_NAME    = 200;
	private const PROPERTY_NAME = 100;

	/**
	 * What stays of a named field in the worst case. Nobody's name or city is longer.
	 */
	private const SHORT = 1000;

	private const TEXTS = array(
		'form'    => array(
			'id'     => 100,
			'title'  => 500,
			'url'    => 2000,
			'locale' => 20,
		),
		'visitor' => array(
			'ip'        => 100,
			'userAgent' => 2000,
		),
	);

	private const SUBSCRIBE = array(
		'list'  => 100,
		'email' => 200,
		'name'  => 200,
	);
	private const CONSENT   = array(
		'text'          => 10000,
		'policyUrl'     => 2000,
		'policyVersion' => 100,
	);

	/**
	 * The submission as the gateway takes it.
	 *
	 * @param array    $submission As the gateway's API describes it.
	 * @param string[] $left_out   Names of the fields that had to go.
	 */
	public static function fit( array $submission, array &$left_out = array() ): array {
		foreach ( self::TEXTS as $member => $texts ) {
			if ( isset( $submission[ $member ] ) ) {
				$submission[ $member ] = self::cut( (array) $submission[ $member ], $texts );
			}
		}
		if ( isset( $submission['subscribe'] ) ) {
			$submission['subscribe'] = array_map(
				array( self::class, 'fit_subscription' ),
				array_slice( array_values( array_filter( (array) $submission['subscribe'], 'is_array' ) ), 0, self::LISTS )
			);
		}
		$fields = self::readable( (array) ( $submission['fields'] ?? array() ) );
		$named  = array_intersect_key( $fields, array_flip( self::names( (array) ( $submission['subscribe'] ?? array() ) ) ) );

		$submission['fields'] = self::leave_out( $submission, $fields, $named );

		$left_out = array_map( 'strval', array_keys( array_diff_key( $fields, $submission['fields'] ) ) );
		return $submission;
	}

	/**
	 * The fields that fit, in their order.
	 */
	private static function leave_out( array $submission, array $fields, array $named ): array {
		$fields = array_slice( $named + $fields, 0, max( self::FIELDS, count( $named ) ), true );
		$sizes  = array_map( array( self::class, 'size' ), array_diff_key( $fields, $named ) );
		$over   = self::size( array( 'fields' => $fields ) + $submission ) - self::BYTES;
		arsort( $sizes );
		foreach ( $sizes as $name => $size ) {
			if ( $over <= 0 ) {
				break;
			}
			$over -= $size;
			unset( $fields[ $name ] );
		}
		return $over <= 0 ? $fields : array_map( array( self::class, 'shorten' ), array_slice( $fields, 0, self::FIELDS, true ) );
	}

	/**
	 * Fields with names and values that the gateway can read: texts or lists of texts, without NUL.
	 */
	private static function readable( array $fields ): array {
		$texts = array();
		foreach ( $fields as $name => $value ) {
			$name = (string) $name;
			if ( '' !== $name && self::is_short( $name, self::FIELD_NAME ) && false === strpos( $name, "\0" ) ) {
				$texts[ $name ] = is_array( $value )
					? array_map( array( self::class, 'text' ), array_values( $value ) )
					: self::text( $value );
			}
		}
		return $texts;
	}

	private static function is_short( string $name, int $units ): bool {
		return Plain_Text::cut( $name, $units ) === $name;
	}

	/**
	 * One value as a text.
	 *
	 * @param mixed $value The value.
	 */
	private static function text( $value ): string {
		if ( is_bool( $value ) ) {
			return $value ? '1' : '';
		}
		$text = is_scalar( $value ) ? wp_check_invalid_utf8( (string) $value, true ) : '';
		return str_replace( "\0", '', $text );
	}

	private static function fit_subscription( array $subscription ): array {
		$subscription = self::cut( $subscription, self::SUBSCRIBE );
		if ( isset( $subscription['consent'] ) ) {
			$subscription['consent'] = self::cut( (array) $subscription['consent'], self::CONSENT );
		}
		if ( isset( $subscription['properties'] ) ) {
			$subscription['properties'] = array_filter(
				(array) $subscription['properties'],
				static fn( $field, $name ) => is_scalar( $field ) && self::is_short( (string) $name, self::PROPERTY_NAME ),
				ARRAY_FILTER_USE_BOTH
			);
		}
		return $subscription;
	}

	/**
	 * Cuts the texts among members.
	 *
	 * @param array             $members   The members.
	 * @param array<string,int> $lengths   How long each may be.
	 */
	private static function cut( array $members, array $lengths ): array {
		foreach ( array_intersect_key( $lengths, $members ) as $name => $length ) {
			if ( is_scalar( $members[ $name ] ) && ! is_bool( $members[ $name ] ) ) {
				$members[ $name ] = Plain_Text::cut( self::text( $members[ $name ] ), $length );
			}
		}
		return $members;
	}

	/**
	 * Cuts a value, or the values of a list.
	 *
	 * @param string|string[] $value The value.
	 * @return string|string[]
	 */
	private static function shorten( $value ) {
		return is_array( $value )
			? array_map( array( self::class, 'shorten' ), array_slice( $value, 0, 20 ) )
			: Plain_Text::cut( $value, self::SHORT );
	}

	/**
	 * Names of the fields that subscriptions need.
	 *
	 * @return string[]
	 */
	private static function names( array $subscriptions ): array {
		$names = array();
		foreach ( $subscriptions as $one ) {
			$names = array_merge(
				$names,
				array( $one['email'] ?? '', $one['name'] ?? '' ),
				array_values( (array) ( $one['properties'] ?? array() ) )
			);
		}
		return array_values( array_filter( array_map( 'strval', $names ), 'strlen' ) );
	}

	/**
	 * Bytes in JSON.
	 *
	 * @param mixed $value What is sent.
	 */
	private static function size( $value ): int {
		return strlen( (string) wp_json_encode( $value, JSON_UNESCAPED_SLASHES ) );
	}
}
