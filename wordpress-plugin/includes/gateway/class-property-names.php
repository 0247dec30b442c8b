<?php
/**
 * Names of contact properties.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

use Normalizer;

/**
 * Sorts rows of property and field into those that the gateway takes and those that the owner has to change: of two properties alike
 * it would keep one. A name stays as it was typed.
 */
final class Property_Names {

	/**
	 * The gateway's limits, names in UTF-16 units.
	 */
	public const MAX_LENGTH = 60;
	private const MAX       = 50;

	/**
	 * Reads rows of name and field. Those that lack one of them are none.
	 *
	 * @param array         $rows   Unslashed rows, as a page posted them or as they were kept.
	 * @param string[]|null $fields The fields that may be chosen; null for any.
	 * @return array{0:array<string,string>,1:array{name:string,field:string}[]} Fields by property, and the rows that cannot be sent.
	 */
	public static function sort( array $rows, ?array $fields = null ): array {
		$fit   = array();
		$unfit = array();
		foreach ( $rows as $row ) {
			$row   = (array) $row;
			$name  = self::clean( $row['name'] ?? '' );
			$field = is_string( $row['field'] ?? null ) ? sanitize_text_field( $row['field'] ) : '';
			if ( '' === $name || '' === $field || ( null !== $fields && ! in_array( $field, $fields, true ) ) ) {
				continue;
			}
			if ( null === self::error( $name, $fit ) ) {
				$fit[ $name ] = $field;
			} else {
				$unfit[] = compact( 'name', 'field' );
			}
		}
		return array( $fit, $unfit );
	}

	/**
	 * The rows of a mapping, for sort() and for pages.
	 *
	 * @param array<string,string>               $fit   Fields by property.
	 * @param array{name:string,field:string}[]  $unfit The rows that cannot be sent.
	 * @return array{name:string,field:string}[]
	 */
	public static function rows( array $fit, array $unfit = array() ): array {
		$rows = array();
		foreach ( $fit as $name => $field ) {
			$rows[] = array(
				'name'  => (string) $name,
				'field' => (string) $field,
			);
		}
		return array_merge( $rows, $unfit );
	}

	/**
	 * What the owner has to change.
	 *
	 * @param array<string,string>              $fit   Fields by property.
	 * @param array{name:string,field:string}[] $unfit The rows that cannot be sent.
	 * @return string[] Sentences.
	 */
	public static function errors( array $fit, array $unfit ): array {
		return array_values( array_unique( array_map( static fn( $row ) => (string) self::error( $row['name'], $fit ), $unfit ) ) );
	}

	private static function error( string $name, array $fit ): ?string {
		if ( Plain_Text::cut( $name, self::MAX_LENGTH ) !== $name || 1 === preg_match( '/\p{Cc}/u', $name ) ) {
			return sprintf(
				/* translators: 1: name of a contact property, 2: a number */
				__(
					'The contact property “%1$s” is not sent: its name may have at most %2$d characters, and no line breaks.',
					'gateway-connector'
				),
				$name,
				self::MAX_LENGTH
			);
		}
		if ( in_array( self::key( $name ), array_map( array( self::class, 'key' ), array_keys( $fit ) ), true ) ) {
			return sprintf(
				/* translators: %s: name of a contact property */
				__(
					'The contact property “%s” is here twice, and only the first is sent. Capitals and small letters make no difference.',
					'gateway-connector'
				),
				$name
			);
		}
		return count( $fit ) < self::MAX ? null : sprintf(
			/* translators: 1: name of a contact property, 2: a number */
			__( 'The contact property “%1$s” is not sent: a person may have at most %2$d.', 'gateway-connector' ),
			$name,
			self::MAX
		);
	}

	/**
	 * The name without space around it, and with one of the ways to write its letters.
	 *
	 * @param mixed $typed What was typed.
	 */
	private static function clean( $typed ): string {
		$name = is_string( $typed ) ? wp_check_invalid_utf8( $typed ) : '';
		$name = class_exists( Normalizer::class ) ? (string) Normalizer::normalize( $name ) : $name;
		return (string) preg_replace( '/^[\s\p{Z}]+|[\s\p{Z}]+$/u', '', $name );
	}

	/**
	 * What two names have in common that are one.
	 *
	 * @param string|int $name The name; PHP makes numbers of keys that look like one.
	 */
	private static function key( $name ): string {
		return mb_convert_case( (string) $name, MB_CASE_UPPER_SIMPLE, 'UTF-8' );
	}
}
