<?php
/**
 * The languages of the gateway.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * The languages in which the gateway writes mails and pages. For any other locale it takes the one that the site has there.
 */
final class Languages {

	/**
	 * Their names by code.
	 *
	 * @return array<string,string>
	 */
	public static function names(): array {
		return array(
			'en' => __( 'English', 'gateway-connector' ),
			'fr' => __( 'French', 'gateway-connector' ),
			'de' => __( 'German', 'gateway-connector' ),
			'es' => __( 'Spanish', 'gateway-connector' ),
			'it' => __( 'Italian', 'gateway-connector' ),
		);
	}

	/**
	 * The language of a locale such as fr_CA.
	 */
	public static function code( string $locale ): string {
		return strtolower( (string) strtok( $locale, '_-' ) );
	}

	/**
	 * The language of the mails for a locale such as fr_CA.
	 */
	public static function name( string $locale ): string {
		return self::names()[ self::code( $locale ) ] ?? __( 'the site’s language at the gateway', 'gateway-connector' );
	}
}
